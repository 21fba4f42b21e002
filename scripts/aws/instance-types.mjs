import { SetupError } from '../setup-error.mjs';

/**
 * Whether a stage has queues with graphics cards.
 * @param {Record<string, any>} settings  of the stage
 */
export const hasGpu = ({ maxGpuVcpus, gpuInstances }) => maxGpuVcpus > 0 && gpuInstances.length > 0;

/**
 * Throws one sentence where a stage wants GPU instances and its region has some of their types nowhere: Batch refuses a
 * compute environment that names one of them.
 * @param {Record<string, any>} settings  of the stage
 */
export async function requireInstanceTypes(settings) {
  if (!hasGpu(settings)) return;
  const { region, gpuInstances } = settings;
  const { DescribeInstanceTypeOfferingsCommand, EC2Client } = await import('@aws-sdk/client-ec2');
  const Filters = [{ Name: 'instance-type', Values: gpuInstances }];
  const asked = new DescribeInstanceTypeOfferingsCommand({ LocationType: 'region', Filters });
  const { InstanceTypeOfferings = [] } = await new EC2Client({ region }).send(asked);
  const there = new Set(InstanceTypeOfferings.map(({ InstanceType }) => `${InstanceType}`));
  const missing = gpuInstances.filter((/** @type {string} */ type) => !there.has(type));
  if (missing.length === 0) return;
  const rest = gpuInstances.filter((/** @type {string} */ type) => there.has(type)).join(',');
  throw new SetupError(
    `${region} has no ${missing.join(', ')}, which the GPU queues are to run on: name what it has with --param gpuInstances=[${rest}], do without GPUs with --param maxGpuVcpus=0, or choose another region`,
    { exitCode: 64 },
  );
}
