import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

export type SetClock = {
  /** Programs by which another is run whose time of day this clock tells. */
  readonly under: readonly string[];
  /** Sets the clock of programs that run, as an offset from the right time: `+2h`, `-400d`. */
  readonly set: (offset: string) => Promise<void>;
};

/** A clock that is off by so much, kept in a folder. What tells durations, and the times of files, stay as they are. */
export async function clockAt(offset: string, folder: string): Promise<SetClock> {
  const file = join(folder, 'clock');
  /** A program that looks at the clock meanwhile never finds half of it. */
  const set = async (to: string) => {
    await writeFile(`${file}.new`, to);
    await rename(`${file}.new`, file);
  };
  await set(offset);
  const { stdout: library } = await execa('faketime', ['-m', '-f', '+0', 'printenv', 'LD_PRELOAD']);
  return {
    set,
    under: [
      ...['env', `LD_PRELOAD=${library}`, `FAKETIME_TIMESTAMP_FILE=${file}`, 'FAKETIME_NO_CACHE=1'],
      ...['FAKETIME_DONT_FAKE_MONOTONIC=1', 'NO_FAKE_STAT=1'],
    ],
  };
}
