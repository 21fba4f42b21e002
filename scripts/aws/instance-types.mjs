import { SetupError } from '../setup-error.mjs';

/** As in resources/batch-gpu.yml, which a test holds this to. */
export const GPU_INSTANCES = ['g4dn.xlarge', 'g4dn.2xlarge', 'g5.xlarge', 'g5.2xlarge', 'g6.xlarge', 'g6.2xlarge'];

/**
 * Throws one sentence where a stage wants GPU instances and its region has some of their types nowhere: Batch refuses a
 * compute environment that names one of them.
 * @param {Record<string, any>} settings  of the stage
 */
export async function requireInstanceTypes({ region, maxGpuVcpus, maxGpuOnDemandVcpus }) {
  if (maxGpuVcpus === 0 && maxGpuOnDemandVcpus === 0) return;
  const { DescribeInstanceTypeOfferingsCommand, EC2Client } = await import('@aws-sdk/client-ec2');
  const Filters = [{ Name: 'instance-type', Values: GPU_INSTANCES }];
  const asked = new DescribeInstanceTypeOfferingsCommand({ LocationType: 'region', Filters });
  const { InstanceTypeOfferings = [] } = await new EC2Client({ region }).send(asked);
  const there = new Set(InstanceTypeOfferings.map(({ InstanceType }) => `${InstanceType}`));
  const missing = GPU_INSTANCES.filter((type) => !there.has(type));
  if (missing.length === 0) return;
  throw new SetupError(
    `${region} has no ${missing.join(', ')}, which the GPU queues are to run on: do without GPUs with --param maxGpuVcpus=0 --param maxGpuOnDemandVcpus=0, or choose another region`,
    { exitCode: 64 },
  );
}
