// What the programs of a stage are told of the disks that its containers can have.
const { ON_FARGATE, VOLUMES, definitionOf } = require('./disk-sizes.cjs');
const readSettings = require('../stages/index.cjs');

const joined = (/** @type {readonly string[]} */ ids) => ({ 'Fn::Join': [' ', ids.map((id) => ({ Ref: id }))] });
const ifLarge = (/** @type {object} */ value) => ({ 'Fn::If': ['LargeOn', value, { Ref: 'AWS::NoValue' }] });

/** @param {Parameters<typeof readSettings>[0]} given */
module.exports = (given) => {
  const { maxLargeVcpus } = readSettings(given);
  const volumes = maxLargeVcpus > 0 ? VOLUMES : [];
  return {
    /** What programs are told: the disks of Fargate, a slash, the volumes. */
    text: `${ON_FARGATE.join(' ')} /${volumes.map((gib) => ` ${gib}`).join('')}`,
    definitions: joined(ON_FARGATE.map(definitionOf)),
    large: {
      definitions: ifLarge(joined(VOLUMES.map(definitionOf))),
      queues: ifLarge(joined(VOLUMES.map((gib) => `Encode${gib}SpotQueue`))),
      onDemand: ifLarge(joined(VOLUMES.map((gib) => `Encode${gib}OnDemandQueue`))),
    },
  };
};
