/** Work that is done at once and has one fate. */
export type TaskGroup = {
  /** Begins a task. Its signal is aborted with the group's, and when another of the group fails. */
  run<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** What these of its tasks came to, when all have ended; throws what failed first. */
  all<T extends readonly unknown[] | []>(tasks: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }>;
};

/** Unlike `Promise.all` alone, nothing of it goes on behind the back of whoever awaited it. */
export function taskGroup(signal: AbortSignal): TaskGroup {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const failures: unknown[] = [];
  return {
    async run(task) {
      try {
        return await task(either);
      } catch (error) {
        failures.push(error);
        stop.abort();
        throw error;
      }
    },
    async all(tasks) {
      await Promise.allSettled(tasks);
      if (failures.length > 0) throw failures[0];
      return Promise.all(tasks);
    },
  };
}
