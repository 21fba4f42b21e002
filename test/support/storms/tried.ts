import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const CLI = join(process.cwd(), 'dist', 'cli.js');

/** What became of a damaged file. A fault is something that must not be, in words; none if all is as it has to be. */
export type Verdict = {
  readonly code: number | null;
  /** What the failure is called (docs/events.md), if there was one. */
  readonly failure?: string;
  readonly seconds: number;
  readonly fault?: string;
};

/** Codes with which a damaged file may end: done, bad input, disk full or busy, which are not its fault. */
const RIGHT: readonly (number | null)[] = [0, 65];

type Ended = {
  readonly code: number | null;
  readonly stdout: string;
  readonly seconds: number;
  readonly hung: boolean;
};

/** Runs a program, and ends it with all its children when it takes longer than it may. */
export function ended(command: string, args: readonly string[], limitSeconds: number): Promise<Ended> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    const chunks: Buffer[] = [];
    let hung = false;
    const limit = setTimeout(() => {
      hung = true;
      child.kill('SIGKILL'); // the watchdog ends what it had started
    }, limitSeconds * 1000);
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(limit);
      const seconds = (performance.now() - started) / 1000;
      resolve({ code, stdout: Buffer.concat(chunks).toString(), seconds, hung });
    });
  });
}

/** Returns with which code ffmpeg ends when it decodes the file, and how long that takes. */
export const decodedBare = (path: string) =>
  ended('ffmpeg', ['-nostdin', '-v', 'quiet', '-i', path, '-map', '0:v:0?', '-f', 'null', '-'], 600);

/** Plans the work for a file. */
export async function triedToPlan(path: string, limitSeconds: number): Promise<Verdict> {
  const found = await ended(process.execPath, [CLI, 'plan', path, '--recipe', 'preserve', '--json'], limitSeconds);
  return verdictOf(found);
}

/** Takes a file all the way, and counts the frames of what was published with another program. */
export async function triedWhole(path: string, out: string, limitSeconds: number): Promise<Verdict> {
  const settings = ['preset=ultrafast', 'evenIfLarger=true'].flatMap((each) => ['--set', each]);
  const args = [CLI, 'run', path, '--recipe', 'preserve', '--out', out, '--layout', 'folders', '--json', ...settings];
  const found = await ended(process.execPath, args, limitSeconds);
  const verdict = verdictOf(found);
  if (found.code !== 0 || verdict.fault) return verdict;
  const fault = await wrongFrames(path, join(out, 'preserve', path.slice(path.lastIndexOf('/') + 1)));
  return { ...verdict, ...(fault && { fault }) };
}

function verdictOf({ code, stdout, seconds, hung }: Ended): Verdict {
  const failure = /"code":"([a-z-]+)"/.exec(stdout)?.[1];
  const fault = hung ? 'hung' : RIGHT.includes(code) ? undefined : `ended with ${code}`;
  return { code, seconds, ...(failure && { failure }), ...(fault && { fault }) };
}

/** What is published has as many frames as its source has for ffprobe; where something was told, it may have fewer. */
async function wrongFrames(source: string, folder: string): Promise<string | undefined> {
  const manifest: { renditions: { path: string }[]; warnings?: string[] } = JSON.parse(
    await readFile(join(folder, 'manifest.json'), 'utf8'),
  );
  const [film] = manifest.renditions;
  const [before, after] = await Promise.all([
    framesOf(source),
    framesOf(join(folder, film?.path.split('/').at(-1) ?? '')),
  ]);
  if (before === after || (manifest.warnings ?? []).length > 0) return undefined;
  return `${after} frames published in silence, ffprobe counts ${before} in the source`;
}

async function framesOf(path: string): Promise<number> {
  const args = ['-v', 'quiet', '-select_streams', 'v:0', '-count_frames', '-show_entries', 'stream=nb_read_frames'];
  const { stdout } = await ended('ffprobe', [...args, '-of', 'csv=p=0', path], 600);
  return Number.parseInt(stdout, 10) || 0;
}
