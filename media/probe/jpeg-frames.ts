import { Writable } from 'node:stream';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { inputArguments } from './input-arguments.ts';

/** The markers of a frame header: baseline, extended and progressive (ITU-T T.81 B.2.2). Coded data holds none of them. */
const HEADERS = [0xc0, 0xc1, 0xc2].map((marker) => Buffer.from([0xff, marker]));
/** Marker, length, depth, lines, columns and up to four components of three bytes. */
const HEADER_BYTES = 10 + 4 * 3;

/**
 * Whether the pictures of Motion JPEG may differ in size, depth or chroma: all of its frame headers are compared, without
 * decoding. Those of thumbnails in EXIF are compared too, so that only a decode tells for sure that pictures differ.
 */
export async function jpegsDiffer(ffmpeg: string, { path, stream }: Source, signal: AbortSignal): Promise<boolean> {
  const seen = new Set<string>();
  let before: Buffer = Buffer.alloc(0);
  const stdout = new Writable({
    write(chunk: Buffer, _, done) {
      const bytes = Buffer.concat([before, chunk]);
      const end = bytes.length - HEADER_BYTES;
      for (const marker of HEADERS)
        for (let at = bytes.indexOf(marker); at >= 0 && at < end; at = bytes.indexOf(marker, at + 1))
          seen.add(bytes.toString('hex', at + 4, at + 4 + frameBytes(bytes, at)));
      before = bytes.subarray(Math.max(0, end));
      done();
    },
  });
  const args = ['-map', `0:${stream}`, '-c', 'copy', '-f', 'data', 'pipe:1'];
  await runFfmpeg(ffmpeg, [...ffmpegPreamble({ acceptsErrors: true }), ...inputArguments(path), ...args], {
    ...{ signal, stdout, blame: 'bad-input', doing: 'looking for changes of the picture' },
  });
  return seen.size > 1;
}

/** The bytes of a frame header that say its size, depth and chroma, behind its length. */
const frameBytes = (bytes: Buffer, at: number) => Math.min(6 + 3 * (bytes[at + 9] ?? 0), HEADER_BYTES - 4);
