import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { boxByPath, boxesOf } from '../../core/bytes/boxes.ts';
import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { type TextSample, webVttOfMp4 } from '../../core/film/mp4-web-vtt.ts';
import { formatBytes } from '../../core/format.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { timedInputArguments } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { writeFailure } from '../process/write-failure.ts';
import { readSourceTracks } from '../structure/mp4-source-tracks.ts';

/** What is larger than this is no text of a film. */
const LARGEST_BYTES = 64 * 2 ** 20;

/**
 * Writes a track of WebVTT of an MP4 as a file with its header, its cues, their times, names and settings. ffmpeg does not know it, and copies its
 * samples as data. Throws `bad-input` where it cannot be read.
 */
export async function writeWebVttOfMp4(
  ffmpeg: string,
  { source: { path, probe, stream }, output }: { readonly source: Source; readonly output: string },
  signal: AbortSignal,
): Promise<void> {
  const samples = `${output}.bin`;
  const input = timedInputArguments(path, probe.access);
  const map = ['-map', `0:${stream}`, '-c', 'copy'];
  const found: Omit<TextSample, 'bytes'>[] = [];
  const sizes: number[] = [];
  let tickSeconds = 0.001;
  try {
    const outputs = [...map, '-f', 'data', `file:${samples}`, ...map, '-f', 'framecrc', 'pipe:1'];
    await runFfmpeg(ffmpeg, [...ffmpegPreamble(), '-y', ...input, ...outputs], {
      ...{ signal, writes: samples, blame: 'bad-input', doing: `reading the WebVTT of stream ${stream}` },
      onStdoutLine: (line) => {
        const [, num, den] = /^#tb 0: (\d+)\/(\d+)/.exec(line) ?? [];
        if (num !== undefined && den !== undefined) tickSeconds = Number(num) / Number(den);
        const [, pts, lasts, size] = /^0, *\S+, *(-?\d+), *(\d+), *(\d+),/.exec(line) ?? [];
        if (pts === undefined || size === undefined) return;
        const from = Number(pts) * tickSeconds;
        found.push({ from, to: from + Number(lasts) * tickSeconds });
        sizes.push(Number(size));
      },
    });
    const { size } = await stat(samples);
    if (size > LARGEST_BYTES) throw new ServiceError('bad-input', `it has ${formatBytes(size)} of text`);
    const bytes = await readFile(samples);
    let at = 0;
    const texts = found.map((sample, i) => {
      const from = at;
      at += sizes[i] ?? 0;
      return { ...sample, bytes: bytes.subarray(from, at) };
    });
    await writeFailure(writeFile(output, webVttOfMp4(await descriptionOf(path, stream, signal), texts)), output);
  } finally {
    await rm(samples, { force: true });
  }
}

/** The first sample description of a track. */
async function descriptionOf(path: string, stream: number, signal: AbortSignal): Promise<Buffer> {
  const { tracks } = await readSourceTracks(path, [stream], signal);
  const trak = tracks[0]?.trak ?? Buffer.alloc(0);
  const [whole] = boxesOf(trak, 0, trak.length);
  const stsd = whole && boxByPath(trak, whole, 'mdia', 'minf', 'stbl', 'stsd');
  return stsd ? trak.subarray(Math.min(stsd.body + STSD_BYTES, stsd.end), stsd.end) : Buffer.alloc(0);
}

/** Version, flags and the number of entries. */
const STSD_BYTES = 8;
