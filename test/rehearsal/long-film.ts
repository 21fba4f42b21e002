import { execa } from 'execa';
import { BatchJobFailed, runDefinition } from '../support/local-workflow.ts';
import { at, type Json, list } from '../support/packaged-template.ts';
import { type ContainerEnd, type Loss, runContainer } from './container.ts';
import type { Stage } from './stage.ts';
import { linesOf } from './steps.ts';

/** Two hours of film, a picture every 40 seconds: as long as a feature, and encoded in seconds. Its length stands first. */
export async function makeLongFilm(path: string, size: string): Promise<void> {
  const source = `testsrc2=s=${size}:r=1/40:d=7200`;
  const encoding = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-g',
    '2',
    '-pix_fmt',
    'yuv420p',
    '-movflags',
    '+faststart',
  ];
  await execa('ffmpeg', ['-v', 'error', '-nostdin', '-y', '-f', 'lavfi', '-i', source, ...encoding, path]);
}

/** How a task of the array loses its machines, one after the other, before it may go on, by its index. */
export type Losses = { readonly [index: number]: readonly Loss[] };

export type WorkflowRun = {
  readonly definition: string;
  readonly input: Json;
  readonly stage: Stage;
  readonly program: string;
  /** Environment that the job definition gives. */
  readonly given: Readonly<Record<string, string>>;
  readonly losses?: Losses;
  /** A queue that has no machine for a segment, however often it is tried. */
  readonly dryQueue?: string;
  readFanOut(): Promise<string>;
  /** What Batch would be asked to do, and how the containers of each task of it ended. */
  readonly log: { readonly step: string; readonly queue: string; ends: readonly (readonly ContainerEnd[])[] }[];
};

/** As the job definition says: tried again after a lost machine or exit 75, five times in all. */
const ATTEMPTS = 5;
const TRY_AGAIN = 75;
/** What Batch says of a job that waited for a machine for longer than its queue allows. */
const NO_CAPACITY = 'Canceled by JobStateTimeLimit action due to reason: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY';

/**
 * The deployed state machine with Batch as the only thing that is not real: its jobs are containers on this machine, those of
 * an array at the same time. Throws what Step Functions would end the execution with.
 */
export function runLongFilm(run: WorkflowRun): Promise<unknown> {
  const submit = (job: Json) =>
    submitted(run, job).catch((error: unknown) => {
      // Anything else is the rehearsal's own failure, and is told where the step fails for it.
      if (!(error instanceof BatchJobFailed)) run.stage.ran(brokenBy(error));
      throw error;
    });
  return runDefinition(run.definition, run.input, {
    Plan: submit,
    'Read the plan': async () => ({ Body: await run.readFanOut() }),
    Segments: submit,
    Segment: submit,
    Join: submit,
  });
}

const brokenBy = (error: unknown) => ({
  what: 'the rehearsal itself',
  exitCode: null,
  lastLines: linesOf(error instanceof Error ? (error.stack ?? error.message) : `${error}`),
});

async function submitted(run: WorkflowRun, job: Json): Promise<Json> {
  const environment = environmentIn(job);
  const queue = String(at(job, 'JobQueue'));
  const size = Number(at(job, 'ArrayProperties', 'Size') ?? 0);
  const indexes = size > 0 ? Array.from({ length: size }, (_, i) => i) : [undefined];
  const step = environment.REELMILL_STEP ?? '';
  const entry: WorkflowRun['log'][number] = { step: size > 0 ? `${step} x${size}` : step, queue, ends: [] };
  run.log.push(entry);
  if (step === 'segment' && queue === run.dryQueue) throw new BatchJobFailed({ statusReason: NO_CAPACITY });
  entry.ends = await Promise.all(indexes.map((index) => attempts(run, environment, index)));
  const failed = entry.ends.flatMap((ends) => ends.slice(-1)).find(({ exitCode }) => exitCode !== 0);
  if (failed)
    throw new BatchJobFailed({ exitCode: failed.exitCode ?? 137, statusReason: 'Essential container in task exited' });
  return {};
}

async function attempts(
  { stage, program, given, losses = {} }: WorkflowRun,
  submittedWith: Readonly<Record<string, string>>,
  index: number | undefined,
): Promise<readonly ContainerEnd[]> {
  const array = index === undefined ? {} : { AWS_BATCH_JOB_ARRAY_INDEX: `${index}` };
  const ends: ContainerEnd[] = [];
  for (let attempt = 1; ; attempt++) {
    const own = {
      AWS_BATCH_JOB_ID: `job-${submittedWith.REELMILL_STEP}-${index ?? 0}`,
      AWS_BATCH_JOB_ATTEMPT: `${attempt}`,
    };
    const environment = { ...given, ...submittedWith, ...array, ...own };
    const loss = submittedWith.REELMILL_STEP === 'segment' ? losses[index ?? 0]?.[attempt - 1] : undefined;
    const end = await runContainer(stage, { program, environment, loss });
    ends.push(end);
    const mayGoOn = end.exitCode === TRY_AGAIN || loss === 'SIGKILL';
    if (!mayGoOn || attempt === ATTEMPTS) return ends;
  }
}

function environmentIn(job: Json): Readonly<Record<string, string>> {
  const pairs = list(at(job, 'ContainerOverrides', 'Environment'));
  return Object.fromEntries(pairs.map((pair) => [String(at(pair, 'Name')), String(at(pair, 'Value'))]));
}

/** The event by which EventBridge tells how an execution ended. */
export function executionEvent(executionArn: string, input: string, failure: unknown) {
  const failed =
    failure instanceof Error ? { error: failure.name, cause: failure.message } : { error: null, cause: null };
  return {
    version: '0',
    id: '315c1398-40ff-a850-213b-158f73e60175',
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    account: '123456789012',
    time: new Date().toISOString(),
    region: 'us-east-1',
    resources: [executionArn],
    detail: { executionArn, status: failure === undefined ? 'SUCCEEDED' : 'FAILED', input, output: null, ...failed },
  };
}
