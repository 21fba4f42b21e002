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
  const [hashes, times] = await Promise.all([hashesOf(path, pixelFormat), timesOf(path)]);
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

async function timesOf(path: string): Promise<number[]> {
  const { frames } = await ffprobe(path, '-select_streams', 'V:0', '-show_entries', 'frame=best_effort_timestamp_time');
  return frames.map((frame: { best_effort_timestamp_time?: string }) => Number(frame.best_effort_timestamp_time));
}

// biome-ignore lint/suspicious/noExplicitAny: whatever ffprobe says, looked at by tests
export async function ffprobe(path: string, ...args: string[]): Promise<any> {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-of', 'json', ...args, '-i', `file:${path}`], MOST);
  return JSON.parse(stdout);
}

/** When the file itself begins: its earliest stream. */
export async function startOf(path: string): Promise<number> {
  const { format } = await ffprobe(path, '-show_entries', 'format=start_time');
  return Number(format.start_time);
}
