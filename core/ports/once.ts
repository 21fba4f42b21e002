/** 'mine': the caller does the task. 'theirs': another process is doing it. 'done': it was done before. */
type Turn = 'mine' | 'theirs' | 'done';

/**
 * Remembers what was done, so that an event that is delivered twice tells people once. Every adapter passes
 * test/contracts/once.ts.
 */
export interface Once {
  /** Asks to do a task. A process that does not finish by `untilMs` loses the task to the next one that asks. */
  begin(name: string, untilMs: number, nowMs: number): Promise<Turn>;
  finish(name: string): Promise<void>;
  /** Gives the task back, so that the next process that asks can do it at once. */
  giveUp(name: string): Promise<void>;
}
