import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cpuSecondsOf } from './cost-of.ts';
import { cacheFolder, toolWithVmaf } from './run.ts';

const ASKING = 'asking what the tools can do, once for each';

/** What a program is asked, by its arguments; the first kind that fits counts. */
const KINDS: readonly (readonly [string, RegExp])[] = [
  ['encoding', /-c:v lib(x26[45]|svtav1) .*-f nut pipe:1/],
  ['VMAF', /libvmaf=/],
  ['decoding the renditions', /-xerror /],
  ['looking for interlaced frames', /format=gray .*-f rawvideo|-discard nokey/],
  ['pictures beside each other for the report', /vstack/],
  ['posters, sprites and stills', /rgb24/],
  ['joining', /-f concat /],
  ['ffprobe', /-show_/],
  [ASKING, /-hide_banner -(version|encoders|decoders|filters|muxers)|-f lavfi /],
];

/**
 * Runs a command whose programs, ffmpeg and ffprobe, note what CPU time each takes. Returns the seconds by kind of work, the most
 * first, with those of our own process.
 */
export async function cpuByKind(command: readonly string[]): Promise<readonly (readonly [string, number])[]> {
  const { all, notes } = await noted(command);
  const spent = new Map<string, number>();
  for (const note of notes) {
    const [, children = ''] = note.split('\n');
    const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
      (sum, [, m, s]) => sum + 60 * Number(m) + Number(s),
      0,
    );
    const kind = kindOf(note);
    spent.set(kind, (spent.get(kind) ?? 0) + seconds);
  }
  const programs = [...spent.values()].reduce((sum, each) => sum + each, 0);
  return [...spent, ['our own process', all - programs] as const].toSorted(([, a], [, b]) => b - a);
}

/** Returns how many programs, ffmpeg and ffprobe, a command starts, without those whose answers about a tool are remembered. */
export async function programsOf(command: readonly string[]): Promise<number> {
  const { notes } = await noted(command);
  return notes.filter((note) => kindOf(note) !== ASKING).length;
}

function kindOf(note: string): string {
  const [, , ...args] = note.split('\n');
  return KINDS.find(([, asked]) => asked.test(args.join('\n')))?.[0] ?? 'all else that ffmpeg does';
}

/** Returns the CPU time of a command with all its programs, and a note of each of these: its times and its arguments. */
async function noted(command: readonly string[]) {
  const folder = await mkdtemp(join(await cacheFolder(), 'spent-'));
  try {
    const ffmpegs = await notingPrograms(folder);
    const all = await cpuSecondsOf(['env', `REELMILL_FFMPEG=${ffmpegs.join(delimiter)}`, ...command]);
    const names = await readdir(join(folder, 'notes'));
    return { all, notes: await Promise.all(names.map((name) => readFile(join(folder, 'notes', name), 'utf8'))) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes programs that run the real ones and note what these took. Returns the ffmpegs; ffprobe lies beside the first. */
async function notingPrograms(folder: string): Promise<readonly string[]> {
  const notes = join(folder, 'notes');
  await mkdir(notes);
  const onPath = (name: string) => execFileSync('which', [name], { encoding: 'utf8' }).trim();
  const programs = { ffmpeg: onPath('ffmpeg'), ffprobe: onPath('ffprobe'), 'ffmpeg-vmaf': toolWithVmaf() };
  for (const [name, real] of Object.entries(programs)) {
    const note = `times > '${notes}'/$$\nprintf '%s\\n' "$*" >> '${notes}'/$$`;
    await writeFile(join(folder, name), `#!/bin/sh\n'${real}' "$@"\ncode=$?\n${note}\nexit $code\n`);
    await chmod(join(folder, name), 0o755);
  }
  return [join(folder, 'ffmpeg'), join(folder, 'ffmpeg-vmaf')];
}
