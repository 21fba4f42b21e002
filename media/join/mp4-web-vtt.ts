import { rm, writeFile } from 'node:fs/promises';
import { webVttOfMp4 } from '../../core/film/mp4-web-vtt.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { readTextsOfMp4 } from '../probe/texts-of-mp4.ts';
import { writeFailure } from '../process/write-failure.ts';

/**
 * Writes a track of WebVTT of an MP4 as a file with its header, its cues, their times, names and settings. ffmpeg does not know it, and copies its
 * samples as data. Throws `bad-input` where it cannot be read.
 */
export async function writeWebVttOfMp4(
  ffmpeg: string,
  { source: { path, probe, stream }, output }: { readonly source: Source; readonly output: string },
  signal: AbortSignal,
): Promise<void> {
  const bytesTo = `${output}.bin`;
  try {
    const track = { path, stream, startSeconds: probe.startSeconds, bytesTo };
    const { texts, stsd } = await readTextsOfMp4(ffmpeg, track, signal);
    const description = stsd.subarray(Math.min(STSD_BYTES, stsd.length));
    await writeFailure(writeFile(output, webVttOfMp4(description, texts)), output);
  } finally {
    await rm(bytesTo, { force: true });
  }
}

/** The header of the box, its version, flags and the number of entries. */
const STSD_BYTES = 16;
