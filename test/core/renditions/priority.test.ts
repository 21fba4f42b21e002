import { describe, expect, it } from '@jest/globals';
import { divideByPriority } from '../../../core/renditions/on-demand.ts';
import { DEFAULT_WEIGHTS, highestPriority, NO_DEMAND, priorityOf } from '../../../core/renditions/priority.ts';

const DAY = 24 * 3_600_000;
const NOW = 1_000 * DAY;

describe('priorityOf', () => {
  it.each([
    { what: 'what was never used', demand: NO_DEMAND, priority: 0 },
    { what: 'views count a half', demand: { views: 30, downloads: 0, usedMs: 0 }, priority: 15 },
    { what: 'downloads count twice', demand: { views: 0, downloads: 7, usedMs: 0 }, priority: 14 },
    {
      what: 'a use within seven days counts 100',
      demand: { views: 2, downloads: 1, usedMs: NOW - 7 * DAY + 1 },
      priority: 103,
    },
    { what: 'one seven days ago does not', demand: { views: 2, downloads: 1, usedMs: NOW - 7 * DAY }, priority: 3 },
    { what: 'one by a clock that is ahead does', demand: { views: 0, downloads: 0, usedMs: NOW + DAY }, priority: 100 },
  ])('$what: $priority', ({ demand, priority }) => {
    expect(priorityOf(demand, DEFAULT_WEIGHTS, NOW)).toBe(priority);
  });

  it('follows other weights, and a drop has the highest priority of its renditions', () => {
    const weights = { view: 1, download: 10, recent: 5, recentDays: 1 };
    const demands = [{ views: 2, downloads: 1, usedMs: NOW - DAY / 2 }, NO_DEMAND];
    expect(highestPriority(demands, weights, NOW)).toBe(17);
    expect(highestPriority([], weights, NOW)).toBe(0);
  });
});

describe('divideByPriority', () => {
  const CHAIN = [
    { name: '4k', parent: 'source' },
    { name: 'hd', parent: '4k' },
    { name: 'sd', parent: 'hd' },
  ];
  const SIDE_BY_SIDE = CHAIN.map(({ name }) => ({ name, parent: 'source' }));
  const made = (nodes: typeof CHAIN, priorities: Record<string, number>, anyway: string[] = []) =>
    divideByPriority(nodes, {
      below: 50,
      anyway: new Set(anyway),
      priorityOf: (name) => priorities[name] ?? 0,
    }).made.map(({ name }) => name);

  it.each([
    { what: 'nothing is wanted', nodes: CHAIN, priorities: {}, makes: [] },
    { what: 'all is wanted enough', nodes: CHAIN, priorities: { '4k': 50, hd: 50, sd: 50 }, makes: ['4k', 'hd', 'sd'] },
    { what: 'only the top is', nodes: CHAIN, priorities: { '4k': 100, hd: 49 }, makes: ['4k'] },
    { what: 'one is that others lie above', nodes: CHAIN, priorities: { sd: 100 }, makes: ['4k', 'hd', 'sd'] },
    { what: 'one is that comes from the source', nodes: SIDE_BY_SIDE, priorities: { sd: 100 }, makes: ['sd'] },
    { what: 'one was asked for', nodes: SIDE_BY_SIDE, priorities: {}, anyway: ['hd'], makes: ['hd'] },
    { what: 'one is asked for that there is not', nodes: CHAIN, priorities: {}, anyway: ['8k'], makes: [] },
  ])('makes $makes where $what', ({ nodes, priorities, anyway, makes }) => {
    expect(made(nodes, priorities, anyway)).toEqual(makes);
  });

  it('returns the priority of deferred renditions', () => {
    const { deferred } = divideByPriority(CHAIN, { below: 50, anyway: new Set(['4k']), priorityOf: () => 3 });
    expect(deferred).toEqual([
      { name: 'hd', parent: '4k', priority: 3 },
      { name: 'sd', parent: 'hd', priority: 3 },
    ]);
  });
});
