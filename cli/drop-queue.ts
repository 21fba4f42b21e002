/** Drops that wait for the machine: of those there are, the most wanted is taken next; equals go in the order they came. */
export type DropQueue<Drop> = {
  add(drop: Drop): void;
  /** From now on, and until nothing waits any more. */
  work(): Promise<void>;
};

export function dropQueue<Drop>(
  priorityOf: (drop: Drop) => Promise<number>,
  take: (drop: Drop) => Promise<void>,
): DropQueue<Drop> {
  const waiting: Drop[] = [];
  let working: Promise<void> | undefined;
  const drain = async () => {
    for (let next = await mostWanted(); next !== undefined; next = await mostWanted()) await take(next);
  };
  const mostWanted = async () => {
    const all = [...waiting];
    const priorities = await Promise.all(all.map(priorityOf));
    const next = all[priorities.indexOf(Math.max(...priorities))];
    if (next !== undefined) waiting.splice(waiting.indexOf(next), 1);
    return next;
  };
  const work = () => {
    working ??= drain().finally(() => {
      working = undefined;
    });
    return working;
  };
  return {
    add: (drop) => {
      waiting.push(drop);
    },
    work,
  };
}
