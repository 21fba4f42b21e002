import { createHash, type Hash } from 'node:crypto';
import * as z from 'zod';
import { ServiceError } from '../core/errors.ts';
import type { Probe } from '../core/media/probe.ts';
import type { StreamSurvey, Survey, WorkOptions } from '../core/ports/media.ts';
import { DISCARD, type FrameIndex, HASH_BYTES, KEY } from '../core/segments/frame-index.ts';
import type { Rational } from '../core/units.ts';
import { runFfmpeg } from './ffmpeg.ts';
import { inputArguments } from './input-arguments.ts';

const packet = z.object({
  stream_index: z.number(),
  pts: z.number().optional(),
  dts: z.number().optional(),
  duration: z.number().optional(),
  size: z.coerce.number(),
  flags: z.string(),
  data_hash: z.string().optional(),
});
type Packet = z.infer<typeof packet>;

/** Every packet of a file, read once and hashed by ffprobe, nothing decoded; memory grows by 25 bytes a picture. */
export async function packetSurvey(
  ffprobe: string,
  path: string,
  probe: Probe,
  video: number,
  { signal, onProgress }: WorkOptions,
): Promise<Survey> {
  const streams = probe.streams.map((stream) => streamCollector(stream.index, stream.timeBase, probe.startSeconds));
  const main = probe.streams[video];
  if (!main) throw new ServiceError('bad-input', `no stream ${video} in the file; it has ${probe.streams.length}`);
  const frames = frameCollector(main.timeBase, probe.startSeconds);
  let bytes = 0;
  await runFfmpeg(ffprobe, surveyArgs(path), {
    signal,
    blame: 'bad-input',
    doing: 'reading the packets',
    onStdoutLine: (line) => {
      const found = parseLine(line);
      if (!found) return;
      bytes += found.size;
      onProgress(bytes);
      streams[found.stream_index]?.add(found);
      if (found.stream_index === video) frames.add(found);
    },
  });
  return {
    index: frames.index(),
    timesAreSound: frames.timesAreSound(),
    streams: streams.map((stream) => stream.survey()),
  };
}

const surveyArgs = (path: string): string[] => [
  ...['-v', 'error', '-of', 'json=compact=1', '-show_data_hash', 'sha256'],
  ...['-show_entries', 'packet=stream_index,pts,dts,duration,size,flags,data_hash'],
  ...inputArguments(path),
];

/** A packet is one line of ffprobe's compact JSON; side data, where it has some, follows on lines of its own. */
function parseLine(line: string): Packet | undefined {
  const start = line.indexOf('{ "stream_index"');
  if (start < 0) return undefined;
  const body = line.slice(start).trim().replace(/,$/, '');
  return packet.parse(JSON.parse(body.endsWith('}') ? body : `${body} }`));
}

function frameCollector(timeBase: Rational, startSeconds: number) {
  const origin = Math.round((startSeconds * timeBase.den) / timeBase.num);
  let capacity = 1 << 12;
  let pts = new Float64Array(capacity);
  let flags = new Uint8Array(capacity);
  let hashes = new Uint8Array(capacity * HASH_BYTES);
  let count = 0;
  let unknownTimes = 0;

  function grow() {
    capacity *= 2;
    pts = copyInto(new Float64Array(capacity), pts);
    flags = copyInto(new Uint8Array(capacity), flags);
    hashes = copyInto(new Uint8Array(capacity * HASH_BYTES), hashes);
  }

  return {
    add(found: Packet) {
      if (count === capacity) grow();
      if (found.pts === undefined) unknownTimes++;
      pts[count] = (found.pts ?? 0) - origin;
      flags[count] = (found.flags.includes('K') ? KEY : 0) | (found.flags.includes('D') ? DISCARD : 0);
      const hex = (found.data_hash ?? '').slice(-64, -64 + 2 * HASH_BYTES);
      hashes.set(Buffer.from(hex, 'hex'), count * HASH_BYTES);
      count++;
    },
    index: (): FrameIndex => ({
      from: 'packets',
      timeBase,
      count,
      pts: pts.subarray(0, count),
      flags: flags.subarray(0, count),
      hashes: hashes.subarray(0, count * HASH_BYTES),
    }),
    timesAreSound() {
      const shown = pts.subarray(0, count).filter((_, i) => !((flags[i] ?? 0) & DISCARD)).sort();
      return unknownTimes === 0 && shown.every((time, i) => i === 0 || time > (shown[i - 1] ?? -1));
    },
  };
}

function copyInto<T extends Float64Array | Uint8Array>(target: T, source: T): T {
  target.set(source);
  return target;
}

function streamCollector(stream: number, timeBase: Rational, startSeconds: number) {
  const hash: Hash = createHash('sha256');
  const seconds = (ticks: number) => (ticks * timeBase.num) / timeBase.den - startSeconds;
  let packets = 0;
  let first: number | undefined;
  let end: number | undefined;
  return {
    add(found: Packet) {
      packets++;
      hash.update(found.data_hash ?? '');
      const time = found.pts ?? found.dts;
      if (time === undefined) return;
      first = Math.min(first ?? Number.POSITIVE_INFINITY, seconds(time));
      end = Math.max(end ?? Number.NEGATIVE_INFINITY, seconds(time + (found.duration ?? 0)));
    },
    survey: (): StreamSurvey => ({
      stream,
      packets,
      sha256: hash.digest('hex'),
      firstSeconds: first,
      endSeconds: end,
    }),
  };
}
