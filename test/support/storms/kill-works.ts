import { chmod, copyFile, mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

export const WORKS = ['preserve', 'ladder', 'upscale', 'watch', 'join', 'publish'] as const;
export type WorkName = (typeof WORKS)[number];

/** A command over one film in a folder of its own, and where in its life it is killed. */
export type Work = {
  readonly film: string;
  readonly first: readonly string[];
  /** The command that ends when all is done; another one only for `watch`. */
  readonly again: readonly string[];
  readonly results: string;
  /** Texts of --json between which the process is killed; `before` is the last of its kind. */
  readonly from: string;
  readonly before: string;
};

type Kind = {
  readonly recipe: string;
  readonly size: string;
  readonly seconds: number;
  readonly settings: readonly string[];
};

const SMALL: Kind = {
  ...{ recipe: 'preserve', size: '160x120', seconds: 3 },
  settings: ['preset=ultrafast', 'segmentSeconds=1', 'evenIfLarger=true'],
};
const KINDS: Readonly<Record<WorkName, Kind>> = {
  preserve: SMALL,
  watch: SMALL,
  join: SMALL,
  publish: SMALL,
  ladder: {
    ...SMALL,
    recipe: 'ladder',
    size: '800x450',
    seconds: 2,
    settings: ['preset=ultrafast', 'segmentSeconds=1'],
  },
  upscale: {
    ...{ recipe: 'upscale', size: '64x48', seconds: 3 },
    settings: ['preset=ultrafast', 'segmentSeconds=1', 'model=websr-s-rl'],
  },
};

/** Where a kind of work is killed: joining and publishing take so little of a run that chance would hardly meet them. */
const WINDOWS: Readonly<Partial<Record<WorkName, Pick<Work, 'from' | 'before'>>>> = {
  join: { from: '"segment.done"', before: '"phase":"verify"' },
  publish: { from: '"phase":"verify"', before: '"job.done"' },
};

/** Makes a film and the commands for it in an empty folder. */
export async function prepareWork(name: WorkName, folder: string): Promise<Work> {
  const { recipe, size, seconds, settings } = KINDS[name];
  const isWatched = name === 'watch';
  const film = isWatched ? join(folder, 'input', recipe, 'film.mp4') : join(folder, 'film.mp4');
  await mkdir(join(film, '..'), { recursive: true });
  await execa('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-y', '-f', 'lavfi', '-i', `testsrc2=s=${size}:r=25:d=${seconds}`],
    ...[
      '-f',
      'lavfi',
      '-i',
      `sine=d=${seconds}`,
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-g',
      '25',
      '-threads',
      '1',
    ],
    ...['-pix_fmt', 'yuv420p', '-c:a', 'aac', film],
  ]);
  await utimes(film, 1.6e9, 1.6e9);
  const window = WINDOWS[name] ?? { from: '"job.queued"', before: '"job.done"' };
  if (isWatched) {
    const chosen = Object.fromEntries(settings.map((each) => each.split('=')));
    await writeFile(`${film}.reelmill.json`, JSON.stringify({ settings: chosen }));
    const first = ['watch', folder, '--json'];
    return { film, first, again: [...first, '--once'], results: join(folder, 'output', recipe, 'film.mp4'), ...window };
  }
  const out = join(folder, 'out');
  const set = settings.flatMap((each) => ['--set', each]);
  const first = ['run', '--json', '--recipe', recipe, '--out', out, '--layout', 'folders', ...set, '--', film];
  return { film, first, again: first, results: join(out, recipe, 'film.mp4'), ...window };
}

/** Makes the same work in another folder, with the same bytes. */
export async function sameWork(name: WorkName, of: Work, folder: string): Promise<Work> {
  const work = await prepareWork(name, folder);
  await copyFile(of.film, work.film);
  await utimes(work.film, 1.6e9, 1.6e9);
  return work;
}

/** Makes an ffmpeg that notes the start of each encode of a segment in a file, and is ffmpeg otherwise. */
export async function countingFfmpeg(path: string, log: string): Promise<void> {
  const note = `printf 'encode\\n' >> '${log}'`;
  await writeFile(log, '');
  await writeFile(path, `#!/bin/sh\ncase "$*" in *-preset*"-f nut pipe:1"*) ${note};; esac\nexec ffmpeg "$@"\n`);
  await chmod(path, 0o755);
}
