import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Measurement, median, ratio } from './measurement.ts';
import { CLI, cacheFolder, ffmpeg, mustRun, once } from './run.ts';

const ROUNDS = 5;
const LONG_AGO = 1_557_000_000;

/** Measures a run over a library in which nothing has changed, against listing its files and asking for the state of each. */
export const folderUnchanged: Measurement = {
  name: 'unchanged folder',
  about:
    'A run over a folder of 10,000 small films in 100 folders, of which nothing has changed, from process start to end; medians of five. The bare figures are `find FOLDER -type f -exec stat {} ;`, which starts a program for each file, the same with few programs for all (`{} +`), and `find FOLDER -type f -printf`, which asks for the state of each file itself. The run asks for three: the film, its result and the manifest.',
  async measure({ quick }) {
    const count = quick ? 100 : 10_000;
    const film = await once('folder-film.mp4', (path) =>
      ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=10:d=0.5', '-c:v', 'libx264', '-crf', '40', path),
    );
    const folder = await mkdtemp(join(await cacheFolder(), 'folder-'));
    const lib = join(folder, 'lib');
    try {
      for (let i = 0; i < count; i++) {
        const path = join(lib, String(i % 100), `film-${i}.mp4`);
        await mkdir(join(path, '..'), { recursive: true });
        await copyFile(film, path);
        await utimes(path, LONG_AGO, LONG_AGO);
      }
      const run = [CLI, 'run', lib, '--recipe', 'preserve', '--out', join(folder, 'out')];
      const args = [...run, '--set', 'preset=ultrafast'];
      await mustRun(process.execPath, args); // one is encoded; the others have its bytes
      await mustRun(process.execPath, args); // by now the last of them has settled
      const [ours, each, all, itself, start]: number[][] = [[], [], [], [], []];
      for (let round = 0; round < ROUNDS; round++) {
        ours?.push((await mustRun(process.execPath, args)).seconds);
        if (round === 0) each?.push(await secondsOf('find', [lib, '-type', 'f', '-exec', 'stat', '{}', ';']));
        all?.push(await secondsOf('find', [lib, '-type', 'f', '-exec', 'stat', '{}', '+']));
        itself?.push(await secondsOf('find', [lib, '-type', 'f', '-printf', '%p %s %T@\\n']));
        start?.push((await mustRun(process.execPath, [CLI, 'recipes', '--json'])).seconds);
      }
      const [second, perFile, together, alone, bare] = [ours, each, all, itself, start].map((times) =>
        median(times ?? []),
      );
      if (!second || !perFile || !together || !alone || !bare) throw new Error('nothing was measured');
      return [
        ratio(`${count} films / find and stat, a program for each file`, second / perFile, 1.3, told(second, perFile)),
        {
          what: `${count} films / find and stat, one program for all files`,
          found: `${(second / together).toFixed(2)} (${told(second, together)})`,
        },
        {
          what: `${count} films / find -printf`,
          found: `${(second / alone).toFixed(2)} (${told(second, alone)})`,
        },
        { what: 'of this, starting the command', found: `${bare.toFixed(2)} s` },
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

const told = (ours: number, bare: number) => `${ours.toFixed(2)} s / ${bare.toFixed(2)} s`;

async function secondsOf(program: string, args: readonly string[]): Promise<number> {
  const begun = performance.now();
  await promisify(execFile)(program, args, { maxBuffer: 1 << 28 });
  return (performance.now() - begun) / 1000;
}
