// Object Lock: each new version of a file stays for so many days, whoever wants to delete it. S3 turns it on for a bucket
// that is there as well as for a new one, where it keeps versions; nothing turns it off again.

const MODES = { governance: 'GOVERNANCE', compliance: 'COMPLIANCE' };

/** @param {Record<string, any>} settings */
module.exports = ({ objectLock, objectLockDays }) => {
  if (objectLock === 'off') return undefined;
  const Mode = MODES[objectLock];
  return {
    Resources: {
      MediaBucket: {
        Properties: {
          ObjectLockEnabled: true,
          ObjectLockConfiguration: {
            ObjectLockEnabled: 'Enabled',
            ...(Mode && { Rule: { DefaultRetention: { Mode, Days: objectLockDays } } }),
          },
        },
      },
    },
  };
};
