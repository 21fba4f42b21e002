// What follows from a stage's settings, as CloudFormation takes it for a parameter.
const readSettings = require('./index.cjs');

/** @param {Parameters<typeof readSettings>[0]} given */
module.exports = (given) => {
  const { sourceKeys, maxGpuVcpus, gpuInstances } = readSettings(given);
  return {
    sourceKeys: sourceKeys.join(','),
    gpu: maxGpuVcpus > 0 && gpuInstances.length > 0 ? 'yes' : 'no',
  };
};
