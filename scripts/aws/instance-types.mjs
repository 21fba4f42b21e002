import { SetupError } from '../setup-error.mjs';

/**
 * Whether a stage has queues with graphics cards.
 * @param {Record<string, any>} settings  of the stage
 */
export const hasGpu = ({ maxGpuVcpus, gpuInstances }) => maxGpuVcpus > 0 && gpuInstances.length > 0;

/**
 * Whether a stage has queues of machines with volumes.
 * @param {Record<string, any>} settings  of the stage
 */
export const hasLarge = ({ maxLargeVcpus = 0 }) => maxLargeVcpus > 0;

/**
 * Throws one sentence where a stage wants instances of EC2 and its region has some of their types nowhere: Batch refuses a
 * compute environment that names one of them.
 * @param {Record<string, any>} settings  of the stage
 */
export async function requireInstanceTypes(settings) {
  const { region, gpuInstances, largeInstances } = settings;
  if (hasGpu(settings))
    await requireTypes(region, gpuInstances, (rest) => {
      return `which the GPU queues are to run on: name what it has with --param gpuInstances=[${rest}], do without GPUs with --param maxGpuVcpus=0, or choose another region`;
    });
  if (hasLarge(settings))
    await requireTypes(region, largeInstances, (rest) => {
      return `which the queues of machines with volumes are to run on: name what it has with --param largeInstances=[${rest}], do without them with --param maxLargeVcpus=0, or choose another region`;
    });
}

/**
 * @param {string} region
 * @param {readonly string[]} types
 * @param {(rest: string) => string} advice
 */
async function requireTypes(region, types, advice) {
  const { DescribeInstanceTypeOfferingsCommand, EC2Client } = await import('@aws-sdk/client-ec2');
  const Filters = [{ Name: 'instance-type', Values: [...types] }];
  const asked = new DescribeInstanceTypeOfferingsCommand({ LocationType: 'region', Filters });
  const { InstanceTypeOfferings = [] } = await new EC2Client({ region }).send(asked);
  const there = new Set(InstanceTypeOfferings.map(({ InstanceType }) => `${InstanceType}`));
  const missing = types.filter((type) => !there.has(type));
  if (missing.length === 0) return;
  const rest = types.filter((type) => there.has(type)).join(',');
  throw new SetupError(`${region} has no ${missing.join(', ')}, ${advice(rest)}`, { exitCode: 64 });
}
