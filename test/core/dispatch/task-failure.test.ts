import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { NO_ESCALATION, routeOf } from '../../../core/dispatch/route.ts';
import {
  causeOf,
  escalationFor,
  type TaskEnd,
  taskFailure,
  WAITED_FOR_SPOT,
} from '../../../core/dispatch/task-failure.ts';
import { FAILURES, isFailureCode } from '../../../core/errors.ts';
import { needsOfJob } from '../../../core/recipes/needs-of.ts';

const ended = (end: Partial<TaskEnd>): TaskEnd => ({
  statusReason: undefined,
  containerReason: undefined,
  exitCode: undefined,
  ...end,
});
const ESSENTIAL = 'Essential container in task exited';

describe('taskFailure', () => {
  it.each([
    { end: { exitCode: 65, statusReason: ESSENTIAL }, code: 'bad-input' },
    { end: { exitCode: 66, statusReason: ESSENTIAL }, code: 'no-input' },
    { end: { exitCode: 64, statusReason: ESSENTIAL }, code: 'usage' },
    { end: { exitCode: 69, statusReason: ESSENTIAL }, code: 'missing-tool' },
    { end: { exitCode: 70, statusReason: ESSENTIAL }, code: 'bug' },
    { end: { exitCode: 73, statusReason: ESSENTIAL }, code: 'cannot-write' },
    { end: { exitCode: 75, statusReason: ESSENTIAL }, code: 'busy' },
    { end: { exitCode: 130, statusReason: ESSENTIAL }, code: 'interrupted' },
    { end: { exitCode: 137, statusReason: ESSENTIAL }, code: 'out-of-memory' },
    { end: { exitCode: 1, statusReason: ESSENTIAL }, code: 'bug' },
    {
      end: { exitCode: 137, containerReason: 'OutOfMemoryError: Container killed due to memory usage' },
      code: 'out-of-memory',
    },
    { end: { statusReason: WAITED_FOR_SPOT }, code: 'reclaimed' },
    { end: { statusReason: 'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT' }, code: 'bug' },
    { end: { statusReason: 'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE' }, code: 'over-limit' },
    { end: { statusReason: 'the workflow ended as TIMED_OUT' }, code: 'over-time' },
    { end: { statusReason: 'States.Timeout' }, code: 'over-time' },
    { end: { statusReason: 'the workflow ended as ABORTED' }, code: 'interrupted' },
    {
      end: { statusReason: 'Task failed to start', containerReason: 'CannotPullContainerError: pull image manifest' },
      code: 'busy',
    },
    { end: {}, code: 'bug' },
  ])('reads $end as $code', ({ end, code }) => {
    expect(taskFailure(ended(end)).code).toBe(code);
  });

  it.each([
    { says: 'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE', told: /maxVcpus.*deploy, and retry the job/ },
    { says: 'the workflow ended as TIMED_OUT', told: /14 days.*retry goes on from the pieces that are there/ },
    { says: 'Job attempt duration exceeded timeout', told: /12 hours at most/ },
  ])('says what can be done about "$says"', ({ says, told }) => {
    expect(taskFailure(ended({ statusReason: says })).reason).toMatch(told);
  });

  it('gives people the sentences of Batch and ECS', () => {
    const end = ended({ containerReason: 'OutOfMemoryError: killed', statusReason: ESSENTIAL });
    expect(taskFailure(end).reason).toBe(`OutOfMemoryError: killed; ${ESSENTIAL}`);
    expect(taskFailure(ended({ exitCode: 70 })).reason).toBe('the container ended with exit code 70');
  });
});

describe('a sentence of AWS', () => {
  const { reasons } = JSON.parse(readFileSync('test/fixtures/status-reasons.json', 'utf8')) as {
    readonly reasons: readonly (Partial<TaskEnd> & { readonly code: string; readonly source: string })[];
  };

  it.each(reasons)('"$statusReason" is $code', ({ code, source, ...end }) => {
    expect([taskFailure(ended(end)).code, source]).toEqual([code, source]);
  });

  it('about a time limit is explained as our limit, not as a fault of the source', () => {
    const { reason } = taskFailure(ended({ statusReason: 'Job attempt duration exceeded timeout', exitCode: 137 }));
    expect(reason).toMatch(/12 hours at most.* limit of the stack and no fault of the source/);
    expect(causeOf('over-time')).toBe('resources');
  });
});

describe('the escalation of a job', () => {
  const short = { bytes: 1e6, pixels: 1e6, durationSeconds: 10 };
  const single = routeOf(needsOfJob({ recipe: 'preserve', settings: {} }), short);
  const workflow = routeOf(needsOfJob({ recipe: 'preserve', settings: {} }), { ...short, durationSeconds: 1e6 });
  const largest = routeOf(needsOfJob({ recipe: 'preserve', settings: {} }), { ...short, pixels: 1e12 });
  const gpu = routeOf(needsOfJob({ recipe: 'upscale', settings: {} }), short);

  it('is a larger machine after it ran out of memory', () => {
    expect(escalationFor('out-of-memory', single, NO_ESCALATION)).toEqual({ larger: 1, market: 'spot' });
    expect(escalationFor('out-of-memory', workflow, { larger: 2, market: 'on-demand' })).toEqual({
      larger: 3,
      market: 'on-demand',
    });
  });

  it('is nothing if there is no larger machine', () => {
    expect(escalationFor('out-of-memory', largest, NO_ESCALATION)).toBeUndefined();
    expect(escalationFor('out-of-memory', gpu, NO_ESCALATION)).toBeUndefined();
  });

  it.each(['reclaimed', 'busy', 'interrupted'] as const)('is an on-demand machine, once, after %s', (code) => {
    expect(escalationFor(code, single, NO_ESCALATION)).toEqual({ larger: 0, market: 'on-demand' });
    expect(escalationFor(code, single, { larger: 0, market: 'on-demand' })).toBeUndefined();
    expect(escalationFor(code, workflow, NO_ESCALATION)).toBeUndefined();
  });

  it.each(Object.entries(FAILURES).filter(([, { retry }]) => retry === 'never'))('is nothing after %s', (code) => {
    expect(isFailureCode(code) && escalationFor(code, single, NO_ESCALATION)).toBeUndefined();
  });

  it('ends after a few attempts, whatever the job fails with', () => {
    for (const code of Object.keys(FAILURES).filter(isFailureCode)) {
      let escalation = NO_ESCALATION;
      let times = 0;
      for (; times < 20; times++) {
        const next = escalationFor(
          code,
          routeOf(needsOfJob({ recipe: 'preserve', settings: {} }), short, escalation),
          escalation,
        );
        if (!next) break;
        escalation = next;
      }
      expect(times).toBeLessThan(10);
    }
  });
});

describe('the cause of a failure, by which alarms are raised', () => {
  it('is known for every code, and is a bug for a code of a later version', () => {
    for (const code of Object.keys(FAILURES))
      expect(['input', 'reclaimed', 'resources', 'bug']).toContain(causeOf(code));
    expect(causeOf('some-new-code')).toBe('bug');
    expect(causeOf('toString')).toBe('bug');
  });
});
