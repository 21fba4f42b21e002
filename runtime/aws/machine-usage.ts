import { readFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import * as z from 'zod/mini';
import type { Usage } from '../../core/job/job.ts';
import type { Clock } from '../../core/ports/clock.ts';

const CGROUP = '/sys/fs/cgroup';
/** The files with the peak memory of a control group, of versions 2 and 1. */
const PEAKS = ['memory.peak', 'memory/memory.max_usage_in_bytes'];

const time = z.pipe(
  z.string(),
  z.transform((text) => Date.parse(text)),
);
const taskMetadata = z.object({
  PullStartedAt: z.optional(time),
  PullStoppedAt: z.optional(time),
  Limits: z.optional(z.object({ CPU: z.optional(z.number()), Memory: z.optional(z.number()) })),
});

/** The answer comes from the same machine, which may be busy. */
const PATIENCE_MS = 20_000;

type Machine = {
  /** What was used since the Machine was made, which should be as early as possible. */
  usage(sentMs: number | undefined): Promise<Usage | undefined>;
};

/** Measures this container. Its usage is undefined without a control group, as on most machines that are no container. */
export function thisMachine(metadataUri: string | undefined, clock: Clock, groups = CGROUP): Machine {
  const startedMs = clock.now();
  const started = clock.elapsed();
  return {
    async usage(sentMs) {
      const peakMemoryBytes = await peakMemory(groups);
      if (peakMemoryBytes === undefined) return undefined;
      const { PullStartedAt, PullStoppedAt, Limits } = await metadata(metadataUri);
      return {
        vcpu: Limits?.CPU ?? availableParallelism(),
        memoryBytes: Limits?.Memory === undefined ? totalmem() : Limits.Memory * 2 ** 20,
        peakMemoryBytes,
        cpuSeconds: await cpuSeconds(groups),
        wallSeconds: (clock.elapsed() - started) / 1000,
        ...optional({
          queueSeconds: seconds(sentMs, PullStartedAt),
          pullSeconds: seconds(PullStartedAt, PullStoppedAt),
          startSeconds: seconds(PullStoppedAt, startedMs),
        }),
      };
    },
  };
}

function seconds(fromMs: number | undefined, toMs: number | undefined): number | undefined {
  return fromMs === undefined || toMs === undefined ? undefined : Math.max(0, (toMs - fromMs) / 1000);
}

async function peakMemory(groups: string): Promise<number | undefined> {
  for (const name of PEAKS) {
    const bytes = Number(await readFile(`${groups}/${name}`, 'utf8').catch(() => ''));
    if (bytes > 0) return bytes;
  }
  return undefined;
}

/** The processor time of all processes of the container, or of this process if the control group does not say. */
async function cpuSeconds(groups: string): Promise<number> {
  const stat = await readFile(`${groups}/cpu.stat`, 'utf8').catch(() => '');
  const micros = /^usage_usec (\d+)$/m.exec(stat)?.[1];
  const own = process.cpuUsage();
  return (micros === undefined ? own.user + own.system : Number(micros)) / 1e6;
}

async function metadata(uri: string | undefined): Promise<z.infer<typeof taskMetadata>> {
  if (uri === undefined) return {};
  try {
    const answer = await fetch(`${uri}/task`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return taskMetadata.parse(await answer.json());
  } catch {
    return {}; // it is only for statistics
  }
}

const optional = (values: Readonly<Record<string, number | undefined>>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
