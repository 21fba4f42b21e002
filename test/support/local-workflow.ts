import { at, type Json, type Packaged } from './packaged-template.ts';

// What Node 22 has of its own and this emulator needs.
const promises = Promise as { withResolvers?: unknown };
promises.withResolvers ??= <T>() => {
  let settle: object = {};
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
};

/** How Step Functions reports a job of Batch that failed: the job itself, as JSON text. */
export class BatchJobFailed extends Error {
  override readonly name = 'States.TaskFailed';
  constructor(job: { readonly exitCode?: number; readonly statusReason: string; readonly reason?: string }) {
    const Container = { ExitCode: job.exitCode, Reason: job.reason };
    super(JSON.stringify({ Attempts: [{ Container }], Container, StatusReason: job.statusReason }));
  }
}

export type Task = (input: Json) => Promise<Json>;

/**
 * The state machine of a packaged template, run on this machine: each task state does what `tasks` says. References
 * to resources are filled in by `resolve`, by their logical ids if that is left out.
 */
export async function runWorkflow(
  { of }: Packaged,
  input: Json,
  tasks: Readonly<Record<string, Task>>,
  resolve = (id: string) => id,
) {
  const [machine] = of('AWS::StepFunctions::StateMachine');
  const text = String(at(machine?.Properties, 'DefinitionString', 'Fn::Sub', 0));
  return runDefinition(
    text.replace(/\$\{([\w:]+)\}/g, (_, name) => resolve(name)),
    input,
    tasks,
  );
}

/** A definition with nothing left to fill in, as the deployed machine tells it. */
export async function runDefinition(text: string, input: Json, tasks: Readonly<Record<string, Task>>) {
  const { StateMachine } = await import('aws-local-stepfunctions');
  const definition = patient(JSON.parse(text));
  const retryIntervalOverrides = Object.fromEntries(Object.keys(tasks).map((state) => [state, 0]));
  // The emulator's JSON types are ours without `readonly`.
  const overrides = { taskResourceLocalHandlers: tasks as never, retryIntervalOverrides };
  return new StateMachine(definition, { validationOptions: { checkArn: false } }).run(input as never, { overrides })
    .result;
}

/** As long as a timer can be set for, 23 days: the emulator gives a task a minute where Step Functions gives it three years. */
const PATIENCE_SECONDS = 2_000_000;

type Definition = {
  readonly States: Readonly<Record<string, { readonly Type: string; readonly TimeoutSeconds?: number }>>;
};

function patient<T extends Definition>(definition: T): T {
  const states = Object.entries(definition.States).map(([name, state]) => [
    name,
    state.Type === 'Task' ? { TimeoutSeconds: PATIENCE_SECONDS, ...state } : state,
  ]);
  return { ...definition, States: Object.fromEntries(states) };
}
