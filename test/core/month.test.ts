import { expect, it } from '@jest/globals';
import { monthBefore } from '../../core/month.ts';

it.each([
  { now: '2026-11-02T06:00:00Z', name: '2026-10', from: '2026-10-01T00:00:00Z', to: '2026-11-01T00:00:00Z' },
  { now: '2026-01-31T23:59:59Z', name: '2025-12', from: '2025-12-01T00:00:00Z', to: '2026-01-01T00:00:00Z' },
  { now: '2028-03-01T00:00:00Z', name: '2028-02', from: '2028-02-01T00:00:00Z', to: '2028-03-01T00:00:00Z' },
])('the month before $now is $name', ({ now, name, from, to }) => {
  expect(monthBefore(Date.parse(now))).toEqual({ name, fromMs: Date.parse(from), toMs: Date.parse(to) });
});
