import { type BatchClient, type JobStatus, ListJobsCommand } from '@aws-sdk/client-batch';
import { type CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { type EC2Client, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { DescribeEndpointCommand, paginateListEndpoints, type SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { Leak, Upkeep } from '../../core/ports/upkeep.ts';
import { asking } from './aws-failure.ts';

type MachineClients = {
  readonly ec2: EC2Client;
  readonly batch: BatchClient;
  readonly sagemaker: SageMakerClient;
  readonly cloudWatch: CloudWatchClient;
};

type MachineNames = {
  readonly stage: string;
  /** The queues that start machines. */
  readonly queues: readonly string[];
  /** The endpoint that jobs are sent to. It may exist, but must not run without work. */
  readonly endpoint: string | undefined;
};

/** An array is PENDING while its containers run. */
const BUSY: readonly JobStatus[] = ['PENDING', 'RUNNABLE', 'STARTING', 'RUNNING'];

/** Batch ends a machine some minutes after its last job. */
const IDLE_MS = 3_600_000;

/**
 * Finds GPU machines of this stage that run while no queue has work for them, endpoints with our name that no job uses, and
 * the used endpoint if its instances have no work. It only reports them.
 */
export function machinesUpkeep(clients: MachineClients, names: MachineNames): Upkeep {
  return {
    afterMs: IDLE_MS,
    async *leaks(beforeMs) {
      if (!(await hasWork(clients.batch, names.queues))) yield* instancesBefore(clients.ec2, names.stage, beforeMs);
      yield* endpointsBefore(clients, names, beforeMs);
    },
    mend: async () => false,
  };
}

function hasWork(batch: BatchClient, queues: readonly string[]): Promise<boolean> {
  return asking('look for GPU jobs', async () => {
    for (const jobQueue of queues) {
      for (const jobStatus of BUSY) {
        const { jobSummaryList = [] } = await batch.send(new ListJobsCommand({ jobQueue, jobStatus, maxResults: 1 }));
        if (jobSummaryList.length > 0) return true;
      }
    }
    return false;
  });
}

async function* instancesBefore(client: EC2Client, stage: string, beforeMs: number): AsyncGenerator<Leak> {
  const Filters = [
    { Name: 'instance-state-name', Values: ['pending', 'running'] },
    { Name: 'tag:project', Values: ['reelmill'] },
    { Name: 'tag:stage', Values: [stage] },
  ];
  for await (const { Reservations = [] } of paginateDescribeInstances({ client }, { Filters })) {
    for (const { InstanceId = '', LaunchTime } of Reservations.flatMap(({ Instances = [] }) => Instances)) {
      const sinceMs = LaunchTime?.getTime() ?? 0;
      if (sinceMs < beforeMs) yield { kind: 'gpu-instance', name: InstanceId, sinceMs };
    }
  }
}

async function* endpointsBefore(
  clients: MachineClients,
  { stage, endpoint }: MachineNames,
  beforeMs: number,
): AsyncGenerator<Leak> {
  const asked = { NameContains: `reelmill-${stage}`, StatusEquals: 'InService' } as const;
  for await (const { Endpoints = [] } of paginateListEndpoints({ client: clients.sagemaker }, asked)) {
    for (const { EndpointName = '', CreationTime } of Endpoints) {
      const sinceMs = CreationTime?.getTime() ?? 0;
      if (sinceMs >= beforeMs) continue;
      const isUsed = EndpointName === endpoint && !(await runsIdly(clients, EndpointName, beforeMs));
      if (!isUsed) yield { kind: 'endpoint', name: EndpointName, sinceMs };
    }
  }
}

/** Whether an endpoint has instances but had no work since then, so that its scaling alarm failed to remove them. */
async function runsIdly({ sagemaker, cloudWatch }: MachineClients, name: string, sinceMs: number): Promise<boolean> {
  const { ProductionVariants = [] } = await sagemaker.send(new DescribeEndpointCommand({ EndpointName: name }));
  const instances = ProductionVariants.reduce((sum, { CurrentInstanceCount = 0 }) => sum + CurrentInstanceCount, 0);
  if (instances === 0) return false;
  const { Datapoints = [] } = await cloudWatch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/SageMaker',
      MetricName: 'ApproximateBacklogSize',
      Dimensions: [{ Name: 'EndpointName', Value: name }],
      StartTime: new Date(sinceMs),
      EndTime: new Date(sinceMs + IDLE_MS),
      Period: 300,
      Statistics: ['Maximum'],
    }),
  );
  return Datapoints.every(({ Maximum = 0 }) => Maximum === 0);
}
