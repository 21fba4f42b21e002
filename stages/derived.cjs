// What follows from a stage's settings, as CloudFormation takes it for a parameter.
const readSettings = require('./index.cjs');

/** @param {Parameters<typeof readSettings>[0]} given */
module.exports = (given) => {
  const settings = readSettings(given);
  const { region, sourceBuckets, sourceKeys, verifyMonths, spendingStopUsd } = settings;
  const { maxGpuVcpus, gpuInstances, maxLargeVcpus, largeInstances } = settings;
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  const arns = sourceBuckets.map((name) => `arn:${partition}:s3:::${name}`);
  return {
    spending: spendingStopUsd > 0 ? 'on' : 'off',
    sourceKeys: sourceKeys.join(','),
    sourceBuckets: sourceBuckets.join(','),
    sourceBucketArns: arns.join(','),
    sourceObjectArns: arns.map((arn) => `${arn}/*`).join(','),
    // the framework takes a list of --param for a text; where none is made, the template still wants a list
    gpuInstances: gpuInstances.length > 0 ? gpuInstances : ['g4dn.xlarge'],
    largeInstances: largeInstances.length > 0 ? largeInstances : ['m6i.4xlarge'],
    walks: verifyMonths > 0 ? 'yes' : 'no',
    large: maxLargeVcpus > 0 ? 'yes' : 'no',
    gpu: maxGpuVcpus > 0 && gpuInstances.length > 0 ? 'yes' : 'no',
  };
};
