/** 'mine': do it. 'theirs': another is at it now. 'done': it was done. */
export type Turn = 'mine' | 'theirs' | 'done';

/**
 * Remembers what was done, so that an event that is delivered twice tells people once. Every adapter passes
 * test/contracts/once.ts.
 */
export interface Once {
  /** Who does not finish by `untilMs` has lost its turn. */
  begin(name: string, untilMs: number, nowMs: number): Promise<Turn>;
  finish(name: string): Promise<void>;
  /** Gives the turn back, so that the next to ask has it at once. */
  giveUp(name: string): Promise<void>;
}
