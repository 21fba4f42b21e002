import { describe, expect, it } from '@jest/globals';
import { burstsOf, mayShare, type ReadyJob } from '../../../core/dispatch/burst.ts';
import { disksFrom, STACK_DISKS } from '../../../core/dispatch/disks.ts';
import { NO_ESCALATION, routeOf } from '../../../core/dispatch/route.ts';
import type { Escalation } from '../../../core/job/job.ts';
import { needsOfJob } from '../../../core/recipes/needs-of.ts';
import { newJob } from '../../fixtures/new-job.ts';

const CLIP = { bytes: 2_000_000, pixels: 1280 * 720, durationSeconds: 2 };

type Asked = {
  readonly name?: string;
  readonly recipe?: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly facts?: Partial<typeof CLIP>;
  readonly escalation?: Escalation;
  readonly priority?: number;
};

function ready({ name = 'a', recipe = 'preserve', settings = {}, facts, escalation, priority }: Asked = {}): ReadyJob {
  const given = { ...newJob(`${name}.mov`, { recipe, settings }), ...(priority !== undefined && { priority }) };
  const needs = needsOfJob(given);
  const known = { ...CLIP, ...facts };
  const asked = escalation ?? NO_ESCALATION;
  return { job: given, needs, facts: known, escalation: asked, route: routeOf(needs, known, asked) };
}

const many = (count: number, asked: Asked = {}) =>
  Array.from({ length: count }, (_, i) => ready({ ...asked, name: `${i}` }));
const sizes = (jobs: readonly ReadyJob[], disks = STACK_DISKS) =>
  burstsOf(jobs, disks).map(({ containers }) => containers.map((each) => each.length));

describe('a job', () => {
  it.each<{ what: string; asked: Asked; shares: boolean }>([
    { what: 'of a short clip', asked: {}, shares: true },
    { what: 'on demand', asked: { escalation: { larger: 0, market: 'on-demand' } }, shares: true },
    { what: 'of exactly 16 MiB', asked: { facts: { bytes: 16 * 2 ** 20 } }, shares: true },
    { what: 'of a byte more', asked: { facts: { bytes: 16 * 2 ** 20 + 1 } }, shares: false },
    { what: 'of a small file that is ten minutes long', asked: { facts: { durationSeconds: 600 } }, shares: false },
    { what: 'of two hours in a small file', asked: { facts: { durationSeconds: 7_200 } }, shares: false },
    {
      what: 'at a preset that takes longer than a start',
      asked: { settings: { preset: 'veryslow' }, facts: { durationSeconds: 30 } },
      shares: false,
    },
    { what: 'for a graphics card', asked: { recipe: 'upscale' }, shares: false },
    { what: 'that ran out of memory', asked: { escalation: { larger: 1, market: 'spot' } }, shares: false },
    { what: 'whose disk was full', asked: { escalation: { larger: 0, market: 'spot', disk: 1 } }, shares: false },
    {
      what: 'whose container ended without telling why',
      asked: { escalation: { larger: 0, market: 'spot', alone: true } },
      shares: false,
    },
  ])('$what shares a container: $shares', ({ asked, shares }) => {
    expect(mayShare(ready(asked))).toBe(shares);
  });
});

describe('a burst', () => {
  it('is nothing for no job, and one container for two', () => {
    expect(sizes([])).toEqual([]);
    expect(sizes(many(2))).toEqual([[2]]);
  });

  it('has every job once, in order, in containers of four minutes at most', () => {
    const jobs = many(60);
    const [burst] = burstsOf(jobs, STACK_DISKS);
    expect(burst?.containers.flat()).toEqual(jobs);
    const each = burst?.containers.map((container) => container.length) ?? [];
    expect(each.length).toBeGreaterThan(1);
    expect(new Set(each.slice(0, -1)).size).toBe(1);
    // 60 frames of 720p at 16 megapixels a second and processor, on two, and four seconds besides
    const seconds = (60 * 1280 * 720) / 16e6 / 2 + 4;
    expect(each[0]).toBe(Math.floor(240 / seconds));
  });

  it('has no more than fifty films in a container, however short they are', () => {
    expect(sizes(many(120, { facts: { bytes: 10, durationSeconds: 0.04 } }))).toEqual([[50, 50, 20]]);
  });

  it('does not fill the smallest disk', () => {
    const small = disksFrom('3 50 /');
    const total = sizes(many(8, { facts: { bytes: 16e6, durationSeconds: 1 } }), small)[0] ?? [];
    expect(total.reduce((sum, each) => sum + each, 0)).toBe(8);
    expect(
      sizes(many(8, { facts: { bytes: 16e6, durationSeconds: 1 } }), disksFrom('2.5 50 /'))[0]?.length,
    ).toBeGreaterThan(total.length);
  });

  it('has one size, market and priority', () => {
    const jobs = [
      ready({ name: 'a' }),
      ready({ name: 'b', facts: { pixels: 3840 * 2160, durationSeconds: 0.2 } }),
      ready({ name: 'c', escalation: { larger: 0, market: 'on-demand' } }),
      ready({ name: 'd', priority: 7 }),
      ready({ name: 'e' }),
    ];
    const bursts = burstsOf(jobs, STACK_DISKS);
    expect(bursts.map(({ containers }) => containers.flat().map(({ job }) => job.source.at(-5)))).toEqual([
      ['a', 'e'],
      ['b'],
      ['c'],
      ['d'],
    ]);
    expect(bursts.map(({ priority }) => priority)).toEqual([0, 0, 0, 7]);
  });

  it('has the name of its jobs: the same for the same, another for some of them', () => {
    const [a, b, c] = [ready({ name: 'a' }), ready({ name: 'b' }), ready({ name: 'c' })];
    const nameOf = (...jobs: ReadyJob[]) => burstsOf(jobs, STACK_DISKS)[0]?.name;
    expect(nameOf(a, b)).toBe(nameOf(a, b));
    expect(new Set([nameOf(a, b), nameOf(a, b, c), nameOf(a, c), nameOf(b, a)]).size).toBe(4);
    const again = { ...a, job: { ...a.job, updatedMs: a.job.updatedMs + 1 } };
    expect(nameOf(again, b)).not.toBe(nameOf(a, b));
  });
});
