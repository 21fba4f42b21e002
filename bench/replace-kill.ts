import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { filmsIn, killStorm } from '../test/support/kill-storm.ts';
import type { Measurement } from './measurement.ts';
import { CLI, cacheFolder, ffmpeg, mustRun } from './run.ts';

/** Kills `--replace` while it puts films in their places, and looks for every film after each kill. */
export const replaceKill: Measurement = {
  name: 'replace under kills',
  about:
    'A folder of four films of a second, run with --replace, which gets SIGKILL 50 times at random moments around the placing of a film. After each kill every film has to be there, by its hash, old or new; at the end all is undone.',
  async measure({ quick }) {
    const folder = await mkdtemp(join(await cacheFolder(), 'replace-kill-'));
    try {
      await mkdir(join(folder, 'b'));
      for (const [at, name] of ['a.mp4', 'a.mov', 'b/c.mkv', 'b/d.mp4'].entries())
        await ffmpeg(
          ...['-f', 'lavfi', '-i', `testsrc2=s=160x90:r=25:d=1,hue=h=${at * 40}`],
          ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '5', join(folder, name)],
        );
      const before = await filmsIn(folder);
      const settings = ['preset=ultrafast', 'evenIfLarger=true'].flatMap((setting) => ['--set', setting]);
      const args = ['run', folder, '--recipe', 'preserve', '--replace', '--yes', '--json', ...settings];
      const { kills, within, lost } = await killStorm(folder, args, quick ? 5 : 50);
      await mustRun(process.execPath, [CLI, ...args]);
      await mustRun(process.execPath, [CLI, 'undo', folder]);
      const after = await filmsIn(folder);
      const same = before.size === after.size && [...before].every(([path, hash]) => after.get(path) === hash);
      return [
        {
          what: `films lost in ${kills} kills, ${within} of them while a film was put in its place`,
          goal: '0',
          found: String(lost.length),
          met: lost.length === 0,
        },
        { what: 'every byte back after undo', goal: 'yes', found: same ? 'yes' : 'no', met: same },
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
