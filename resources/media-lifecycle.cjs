// What becomes of files in the media bucket over time, from the stage's settings as they were checked. core/storage/tiering.ts
// has the same days, from which `reelmill storage` computes what keeping costs; test/template/lifecycle.test.ts holds both together.
const readSettings = require('../stages/index.cjs');

/** S3 does not let objects go to Standard-IA by a rule before they are 30 days old; the other classes take them at once. */
const DAYS_BEFORE = { INTELLIGENT_TIERING: 0, STANDARD_IA: 30, GLACIER_IR: 0 };

/** What can be made again is not kept beside its expiry: where rules overlap, S3 takes the shorter time. */
const NO_VERSIONS = { NoncurrentVersionExpiration: { NoncurrentDays: 1 } };

/** @param {Parameters<typeof readSettings>[0]} given */
module.exports = (given) => {
  const settings = readSettings(given);
  return { lifecycle: lifecycleOf(settings), tiering: tieringOf(settings) };
};

/** @param {Record<string, any>} settings */
function lifecycleOf({ workDays, cacheDays, mezzanineDays, resultClass }) {
  const rule = (/** @type {string} */ Id, /** @type {object} */ does) => ({ Id, Status: 'Enabled', ...does });
  return {
    // Small objects stay where they are: in every other class they cost more, and Intelligent-Tiering does not watch them.
    TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K',
    Rules: [
      // S3 counts from the beginning of an upload, however much has come since: a terabyte takes nine days at 10 Mb/s
      rule('abandoned-uploads', { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 30 } }),
      rule('work', { Prefix: 'work/', ExpirationInDays: workDays, ...NO_VERSIONS }),
      rule('cache', { Prefix: 'cache/', ExpirationInDays: cacheDays, ...NO_VERSIONS }),
      ...(mezzanineDays > 0
        ? [rule('mezzanines', { Prefix: 'output/mezzanine/', ExpirationInDays: mezzanineDays })]
        : []),
      rule('sources-tier-themselves', {
        Prefix: 'input/',
        Transitions: [{ StorageClass: 'INTELLIGENT_TIERING', TransitionInDays: 0 }],
      }),
      rule('renditions-are-kept', {
        Prefix: 'output/',
        Transitions: [{ StorageClass: resultClass, TransitionInDays: DAYS_BEFORE[resultClass] }],
      }),
      rule('replaced-versions', { NoncurrentVersionExpiration: { NoncurrentDays: 30 } }),
      rule('markers-of-nothing', { ExpiredObjectDeleteMarker: true }),
    ],
  };
}

/**
 * Only sources: a job that needs one waits until it is restored, and nothing else that is read may need that.
 * @param {Record<string, any>} settings
 */
function tieringOf({ archive, archiveDays, deepArchiveDays }) {
  if (archive === 'none') return { Ref: 'AWS::NoValue' };
  return [
    {
      Id: 'sources-that-nobody-reads',
      Prefix: 'input/',
      Status: 'Enabled',
      ...(archive === 'tagged' && { TagFilters: [{ Key: 'archive', Value: 'yes' }] }),
      Tierings: [
        { AccessTier: 'ARCHIVE_ACCESS', Days: archiveDays },
        { AccessTier: 'DEEP_ARCHIVE_ACCESS', Days: deepArchiveDays },
      ],
    },
  ];
}
