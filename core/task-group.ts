/** Tasks that run at the same time and succeed or fail together. */
type TaskGroup = {
  /** Starts a task. Its signal aborts when the group's signal aborts or another task of the group fails. */
  run<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Returns the tasks' results once all of them have ended. Throws the first failure. */
  all<T extends readonly unknown[] | []>(tasks: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }>;
};

/** Unlike `Promise.all`, a task group never leaves a task running after `all` has returned or thrown. */
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
