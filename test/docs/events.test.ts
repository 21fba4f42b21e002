import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { fanOutSchema } from '../../core/dispatch/fan-out.ts';
import { FAILURES, type FailureCode } from '../../core/errors.ts';
import { noticeFrom } from '../../functions/events.ts';
import { askedOfUrl } from '../../functions/function-url.ts';
import { STEP_ENVIRONMENT } from '../../runtime/config.ts';
import { exitCodeOf } from '../../tasks/exit.ts';

const AGAIN = { never: 'never', larger: 'with more', again: 'as it is' } as const;

describe('docs/events.md', () => {
  let page: string;
  beforeAll(async () => {
    page = await readFile('docs/events.md', 'utf8');
  });

  it('has every code of failure, with the exit code of the container and what becomes of it', () => {
    const section = page.slice(page.indexOf('## Codes of failure'), page.indexOf('## Inside'));
    const rows = [...section.matchAll(/^\| `([a-z-]+)` \| (\d+) \| (.+) \|$/gm)].map(([, code, exit, again]) => [
      code,
      Number(exit),
      again,
    ]);
    const codes = Object.keys(FAILURES) as FailureCode[];
    const expected = codes.map((code) => [
      code,
      exitCodeOf({ status: 'failed', code, reason: '' } as never),
      AGAIN[FAILURES[code].retry],
    ]);
    const byCode = (a: readonly unknown[], b: readonly unknown[]) => String(a[0]).localeCompare(String(b[0]));
    expect(rows.sort(byCode)).toEqual(expected.sort(byCode));
  });

  it('shows a notice that reads as one', () => {
    const [, json = ''] = /```json\n([\s\S]+?)```/.exec(page) ?? [];
    expect(noticeFrom(json)).toMatchObject({ kind: 'done', recipe: 'preserve' });
  });

  it.each(['done', 'unchanged', 'failed', 'refused', 'report'])('tells of the kind %s', (kind) => {
    const about = { job: '', recipe: '', source: '', summary: '', details: {} };
    expect(noticeFrom(JSON.stringify({ kind, ...about })).kind).toBe(kind);
    expect(page).toMatch(new RegExp(`^\\| \`${kind}\` \\|`, 'm'));
  });

  it('tells of what is answered over HTTP with each status, and of all that is read of a request', async () => {
    const section = page.slice(page.indexOf('## Over HTTP'), page.indexOf('## Codes of failure'));
    const statuses = [...section.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, some = '']) => some.split(', '));
    const ours = [FAILURES.usage, FAILURES['no-input'], FAILURES['bad-input'], FAILURES.bug, FAILURES.busy];
    expect(statuses.sort()).toEqual(['200', '304', '405', '413', ...ours.map(({ http }) => `${http}`)].sort());
    const request = JSON.parse(await readFile('test/fixtures/events/function-url.json', 'utf8'));
    expect(askedOfUrl(request)).toMatchObject({ method: 'GET', path: '/thumbnail' });
    for (const name of ['requestContext.http.method', 'rawPath', 'rawQueryString', 'headers.if-none-match'])
      expect(page).toContain(`\`${name}\``);
  });

  it('names all that a container is told of its step, and all that the plan tells the workflow', () => {
    const step = Object.keys(STEP_ENVIRONMENT.shape).filter((name) => !/^(AWS_BATCH_JOB_(ID|ATTEMPT)|ECS_)/.test(name));
    for (const name of [...step, ...Object.keys(fanOutSchema.shape)]) expect(page).toContain(`\`${name}\``);
  });
});
