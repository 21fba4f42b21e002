import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The trials of a storm, a line of JSON each, so that a later run goes on where an earlier one ended. */
export type StormRecord<T> = {
  readonly trials: readonly T[];
  add(trial: T): Promise<void>;
};

/** Opens a record. A line that was not written to its end, because the storm was killed, is dropped. */
export async function stormRecord<T>(path: string): Promise<StormRecord<T>> {
  await mkdir(dirname(path), { recursive: true });
  const trials: T[] = [];
  if (existsSync(path)) {
    const [last = '', ...whole] = (await readFile(path, 'utf8')).split('\n').reverse();
    if (last !== '') await truncate(path, (await stat(path)).size - Buffer.byteLength(last));
    trials.push(...whole.reverse().map((line) => JSON.parse(line)));
  }
  return {
    trials,
    async add(trial) {
      await appendFile(path, `${JSON.stringify(trial)}\n`);
      trials.push(trial);
    },
  };
}
