/** Lets at most so many pieces of work run at once, in the order in which they asked. */
export type Slots = { run<T>(work: () => Promise<T>): Promise<T> };

/** Returns slots of which so many are free; work waits in order until one is. */
export function slots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];
  return {
    async run(work) {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free++;
      }
    },
  };
}
