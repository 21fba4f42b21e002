import type { Once } from '../../core/ports/once.ts';

/** For one process: nothing outlives it, nor is anything delivered to it again after it. */
export function memoryOnce(): Once {
  const turns = new Map<string, { untilMs: number }>();
  return {
    async begin(name, untilMs, nowMs) {
      const until = turns.get(name)?.untilMs ?? 0;
      if (until === Number.POSITIVE_INFINITY) return 'done';
      if (until > nowMs) return 'theirs';
      turns.set(name, { untilMs });
      return 'mine';
    },
    async finish(name) {
      turns.set(name, { untilMs: Number.POSITIVE_INFINITY });
    },
    async giveUp(name) {
      turns.delete(name);
    },
  };
}
