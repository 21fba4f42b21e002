import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MOST = { maxBuffer: 1 << 26 };

export type DecodedFrame = { readonly seconds: number; readonly md5: string };

/**
 * Every frame of the picture as ffmpeg decodes it, by hash, and when ffprobe says it is shown. On purpose not the way the
 * mill itself looks at files.
 */
export async function decodedFrames(path: string, pixelFormat: string): Promise<readonly DecodedFrame[]> {
  const [hashes, { times }] = await Promise.all([hashesOf(path, pixelFormat), shownIn(path)]);
  return together(path, hashes, times);
}

/**
 * Every frame of two files, both in the pixel format of the second, and the time at which the earliest stream of the first begins.
 * Each file is read by one ffprobe, since a program takes longer to start than to read a clip.
 */
export async function bothDecoded(source: string, made: string) {
  const [was, is] = await Promise.all([shownIn(source), shownIn(made)]);
  const [before, after] = await Promise.all([source, made].map((path) => hashesOf(path, is.pixelFormat)));
  return {
    start: was.start,
    was: together(source, before ?? [], was.times),
    is: together(made, after ?? [], is.times),
  };
}

function together(path: string, hashes: readonly string[], times: readonly number[]): readonly DecodedFrame[] {
  if (hashes.length !== times.length) throw new Error(`${path}: ${hashes.length} hashes, ${times.length} times`);
  return hashes.map((md5, i) => ({ md5, seconds: times[i] ?? Number.NaN }));
}

async function hashesOf(path: string, pixelFormat: string): Promise<string[]> {
  const args = [
    '-v',
    'error',
    '-nostdin',
    '-noautorotate',
    '-i',
    `file:${path}`,
    '-map',
    '0:V:0',
    '-fps_mode',
    'passthrough',
  ];
  const { stdout } = await run('ffmpeg', [...args, '-pix_fmt', pixelFormat, '-f', 'framemd5', '-'], MOST);
  return stdout.split('\n').flatMap((line) => /^\d.*,\s*([0-9a-f]{32})$/.exec(line)?.[1] ?? []);
}

async function shownIn(path: string) {
  const entries = 'frame=best_effort_timestamp_time:stream=pix_fmt:format=start_time';
  const { frames, streams, format } = await ffprobe(path, '-select_streams', 'V:0', '-show_entries', entries);
  const timeOf = (frame: { best_effort_timestamp_time?: string }) => Number(frame.best_effort_timestamp_time);
  return {
    times: frames.map(timeOf) as number[],
    pixelFormat: String(streams[0]?.pix_fmt),
    start: Number(format.start_time),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: whatever ffprobe says, looked at by tests
export async function ffprobe(path: string, ...args: string[]): Promise<any> {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-of', 'json', ...args, '-i', `file:${path}`], MOST);
  return JSON.parse(stdout);
}
