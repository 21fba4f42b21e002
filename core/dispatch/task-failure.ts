import { FAILURES, type FailureCode } from '../errors.ts';
import type { Amends } from '../job/job.ts';
import { canGrow, type Route } from './route.ts';

/** How a container that was to do a job ended, as AWS Batch tells it. */
export type TaskEnd = {
  readonly statusReason: string | undefined;
  readonly containerReason: string | undefined;
  readonly exitCode: number | undefined;
};

export type TaskFailure = { readonly code: FailureCode; readonly reason: string };

/** In this order: why Batch or ECS ended a container, by how their sentence begins. */
const REASONS: readonly { readonly begins: RegExp; readonly code: FailureCode }[] = [
  { begins: /^OutOfMemoryError/, code: 'out-of-memory' },
  { begins: /^Your Spot Task was interrupted/, code: 'reclaimed' },
  { begins: /^Host EC2/, code: 'reclaimed' },
  { begins: /^(?:CAPACITY:|No capacity)/, code: 'reclaimed' },
  { begins: /^Job attempt duration exceeded timeout/, code: 'over-limit' },
  { begins: /^(?:CannotPullContainer|CannotPullImage|ResourceInitializationError|Timeout waiting for)/, code: 'busy' },
  { begins: /^CannotStartContainer|^CannotCreateContainer|^MISCONFIGURATION:/, code: 'bug' },
];

/** What the exit codes of tasks/ say. 137 is SIGKILL: a container that outgrew its memory, where ECS does not say so. */
const EXITS: ReadonlyMap<number | undefined, FailureCode> = new Map([
  [64, 'usage'],
  [65, 'bad-input'],
  [66, 'no-input'],
  [69, 'missing-tool'],
  [73, 'cannot-write'],
  [75, 'busy'],
  [130, 'interrupted'],
  [137, 'out-of-memory'],
]);

/** The cause behind a container's end. A task that knew its cause has written it into the job itself. */
export function taskFailure({ statusReason, containerReason, exitCode }: TaskEnd): TaskFailure {
  const sentences = [containerReason, statusReason].filter((text) => text !== undefined && text !== '');
  const known = REASONS.find(({ begins }) => sentences.some((text) => text !== undefined && begins.test(text)));
  const reason = sentences.join('; ') || `the container ended with exit code ${exitCode ?? 'unknown'}`;
  return { code: known?.code ?? EXITS.get(exitCode) ?? 'bug', reason };
}

/**
 * What to change before the job is sent again; undefined where that cannot help. Memory is found in the next size. What
 * passes by itself, Batch and the SDK have tried several times: only machines that nobody takes away are left, which the
 * workflow has tried by itself.
 */
export function amendsFor(code: FailureCode, { way, ...route }: Route, amends: Amends): Amends | undefined {
  if (code === 'out-of-memory') return canGrow(route) ? { ...amends, larger: amends.larger + 1 } : undefined;
  const mayPass = FAILURES[code].retry === 'again' && amends.market === 'spot' && way === 'single';
  return mayPass ? { ...amends, market: 'on-demand' } : undefined;
}

/** Failures by what people have to do about them: an alarm each. */
export type Cause = 'input' | 'reclaimed' | 'resources' | 'bug';

const CAUSES: Readonly<Record<FailureCode, Cause>> = {
  usage: 'input',
  'bad-input': 'input',
  truncated: 'input',
  'not-video': 'input',
  'over-limit': 'input',
  'no-input': 'input',
  bug: 'bug',
  'not-exact': 'bug',
  'missing-tool': 'bug',
  'cannot-write': 'bug',
  'disk-full': 'resources',
  'out-of-memory': 'resources',
  reclaimed: 'reclaimed',
  busy: 'reclaimed',
  interrupted: 'reclaimed',
};

/** A code that we do not know, written by a later version, is a bug as well. */
export const causeOf = (code: string): Cause => (isCode(code) ? CAUSES[code] : 'bug');

export const isCode = (code: string): code is FailureCode => Object.hasOwn(FAILURES, code);
