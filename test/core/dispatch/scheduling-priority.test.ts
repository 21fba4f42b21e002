import { expect, it } from '@jest/globals';
import { schedulingPriority } from '../../../core/dispatch/scheduling-priority.ts';

it.each([
  { of: 'a job that nobody has asked for', priority: undefined, is: 0 },
  { of: 'a view, which is half a point', priority: 0.5, is: 1 },
  { of: 'a hundred views this week', priority: 150, is: 150 },
  { of: 'more than Batch takes', priority: 120_000.5, is: 9999 },
  { of: 'less than Batch takes', priority: -3, is: 0 },
])('$of: Batch gets $is', ({ priority, is }) => expect(schedulingPriority(priority)).toBe(is));
