import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/ports/clock.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  newId: () => randomBytes(16).toString('hex'),
};
