// What follows from a stage's settings, as CloudFormation takes it for a parameter.
const readSettings = require('./index.cjs');

/** @param {Parameters<typeof readSettings>[0]} given */
module.exports = (given) => {
  const { sourceKeys, maxGpuVcpus, gpuInstances, verifyMonths, maxLargeVcpus, largeInstances } = readSettings(given);
  return {
    sourceKeys: sourceKeys.join(','),
    // the framework takes a list of --param for a text; where none is made, the template still wants a list
    gpuInstances: gpuInstances.length > 0 ? gpuInstances : ['g4dn.xlarge'],
    largeInstances: largeInstances.length > 0 ? largeInstances : ['m6i.4xlarge'],
    walks: verifyMonths > 0 ? 'yes' : 'no',
    large: maxLargeVcpus > 0 ? 'yes' : 'no',
    gpu: maxGpuVcpus > 0 && gpuInstances.length > 0 ? 'yes' : 'no',
  };
};
