import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { HASH_BYTES } from '../../core/film/frame-index.ts';
import type { PacketReading } from '../../core/ports/film-reader.ts';
import { seekArgs } from '../../core/segments/reach.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { pictureInput } from './input-arguments.ts';

/**
 * Returns the hashes of the picture's packets that ffmpeg reads after a seek, from the first one that it comes to. It seeks
 * and demuxes as the encode of a segment does, with the same input arguments, and copies where that one decodes.
 */
export async function packetHashes(
  ffmpeg: string,
  { source, seekSeconds, packets }: PacketReading,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const hashes = new Uint8Array(packets * HASH_BYTES);
  let count = 0;
  await runFfmpeg(ffmpeg, packetArgs({ source, seekSeconds, packets }), {
    signal,
    blame: 'bad-input',
    doing: 'reading packets again',
    onStdoutLine: (line) => {
      // stream, dts, pts, duration, size, hash, then side data
      const hash = line.startsWith('#') ? undefined : line.split(',').at(5)?.trim();
      if (!hash || count === packets) return;
      hashes.set(Buffer.from(hash.slice(0, 2 * HASH_BYTES), 'hex'), count * HASH_BYTES);
      count++;
    },
  });
  return hashes.subarray(0, count * HASH_BYTES);
}

const packetArgs = ({ source, seekSeconds, packets }: PacketReading): string[] => [
  ...ffmpegPreamble({ acceptsErrors: true }),
  ...seekArgs({ seekSeconds, fileStartSeconds: source.probe.startSeconds }),
  ...pictureInput(source),
  ...['-map', `0:${source.stream}`, '-c', 'copy', '-copyinkf', '-copypriorss', '1', '-frames:v', `${packets}`],
  ...['-f', 'framehash', '-hash', 'SHA256', 'pipe:1'],
];
