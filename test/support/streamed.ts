import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { createFile, MP4BoxBuffer } from 'mp4box';
import { beginnings, channelsOf } from './samples.ts';

const run = promisify(execFile);

/** Seconds at which a track begins and ends, by the times of its packets. */
export type TrackTimes = { readonly from: number; readonly to: number };

type Sample = { readonly cts: number; readonly duration: number; readonly timescale: number };
type ParsedFilm = { getTrackSamplesInfo(track: number): readonly Sample[] };

/** When each track of a fragmented MP4 begins and ends, by the times of its samples, as a parser that is not ours reads them. */
export async function trackTimes(path: string): Promise<readonly TrackTimes[]> {
  const file = createFile();
  file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(Uint8Array.from(await readFile(path)).buffer, 0));
  file.flush();
  const { tracks } = file.getInfo();
  return tracks.map(({ id, edits = [] }) => {
    const samples = (file as unknown as ParsedFilm).getTrackSamplesInfo(id);
    const skipped = edits[0]?.media_time ?? 0;
    const ends = samples.map(({ cts, duration, timescale }) => (cts + duration - skipped) / timescale);
    const begins = samples.map(({ cts, timescale }) => (cts - skipped) / timescale);
    return { from: Math.min(...begins), to: Math.max(...ends) };
  });
}

/** When the picture of a black film first turns white, and when its first sound is heard, in seconds. */
export async function flashAndBeepIn(path: string): Promise<{ readonly flash: number; readonly beep: number }> {
  const picture = ['-v', 'error', '-i', path, '-map', '0:v:0', '-vf', 'scale=1:1,format=gray'];
  const { stdout } = await run('ffmpeg', [...picture, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-'], {
    encoding: 'buffer',
  });
  const frames = ['-v', 'error', '-select_streams', 'v:0', '-of', 'csv=p=0', '-show_entries', 'frame=pts_time', path];
  const times = (await run('ffprobe', frames)).stdout.trim().split('\n').map(Number.parseFloat);
  const begins = [
    '-v',
    'error',
    '-select_streams',
    'a:0',
    '-of',
    'json',
    '-show_entries',
    'stream=sample_rate:packet=pts_time',
    '-read_intervals',
    '%+#1',
  ];
  const { streams, packets } = JSON.parse((await run('ffprobe', [...begins, path])).stdout);
  const [mono = new Float64Array()] = await channelsOf(path);
  return {
    flash: times[stdout.findIndex((level) => level > 128)] ?? Number.NaN,
    beep: Number(packets[0].pts_time) + (beginnings(mono, Number(streams[0].sample_rate))[0] ?? Number.NaN),
  };
}

/** The byte ranges of a media playlist, and how long it says that they last. */
export async function playlistOf(path: string) {
  const text = await readFile(path, 'utf8');
  const parts = [...text.matchAll(/#EXTINF:([\d.]+),\n#EXT-X-BYTERANGE:(\d+)@(\d+)/g)].map(
    ([, seconds, bytes, at]) => ({
      seconds: Number(seconds),
      bytes: Number(bytes),
      at: Number(at),
    }),
  );
  return { text, parts, seconds: parts.reduce((sum, { seconds }) => sum + seconds, 0) };
}
