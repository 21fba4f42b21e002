import { type FileHandle, open } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import type { DecodedInput } from '../../core/encode/decoded-input.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import type { Access } from '../../core/film/access.ts';
import { countedFromStart } from '../../core/film/access.ts';
import { decodedKind, kindFilters } from '../../core/streams/one-sound-kind.ts';
import { soundLayer } from '../../core/streams/sound-layer.ts';
import type { StreamPlan } from '../../core/streams/stream-plan.ts';
import { toNumber } from '../../core/units.ts';
import { readNutSound } from '../nut/read-nut-sound.ts';
import { LATER_SECONDS, soundOutput } from '../nut/sound-output.ts';
import { timedInputArguments } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { writeFailure } from '../process/write-failure.ts';

type DecodedSound = {
  readonly source: string;
  readonly access: Access;
  readonly plan: StreamPlan;
  readonly output: string;
};

/**
 * Decodes a sound into a file of its samples alone, laid by their times. Where its channels or its rate change midway, ffmpeg begins its
 * filters anew, and those that lay sound by its times count from the beginning again; in this file all is of one kind and lies where it
 * belongs. Gaps are holes of the sparse file. Throws `bad-input` where nothing of it decodes.
 */
export async function decodeSound(
  ffmpeg: string,
  { source, access, plan, output }: DecodedSound,
  signal: AbortSignal,
): Promise<DecodedInput> {
  const kind = decodedKind(plan);
  const isFloat = kind?.isFloat ?? false;
  const pipe = new PassThrough();
  const args = [
    ...[...ffmpegPreamble({ acceptsErrors: true }), ...timedInputArguments(source, access)],
    ...['-map', `0:${plan.stream.index}`, ...(kind ? ['-af', kindFilters(kind)] : [])],
    ...['-c:a', isFloat ? 'pcm_f32le' : 'pcm_s32le', ...soundOutput()],
    ...countedFromStart(access, [plan.stream.index]),
  ];
  const doing = `decoding the sound of stream ${plan.stream.index}`;
  const failed = new AbortController();
  const decoding = runFfmpeg(ffmpeg, args, {
    signal: AbortSignal.any([signal, failed.signal]),
    stdout: pipe,
    blame: 'bad-input',
    doing,
  });
  const file = await open(output, 'w');
  const changesAt = (plan.stream.audio?.changes ?? []).map(({ fromSeconds }) => fromSeconds);
  const writing = writeFailure(write(pipe, file, changesAt), output)
    .catch((error: unknown) => {
      failed.abort();
      throw error;
    })
    .finally(() => file.close());
  const [decoded, written] = await Promise.allSettled([decoding, writing]);
  if (decoded.status === 'rejected' && !failed.signal.aborted) throw decoded.reason;
  if (written.status === 'rejected') throw written.reason;
  const { firstSeconds = 0, sampleRate = 48_000, channels = 2 } = written.value ?? {};
  return { path: output, firstSeconds, format: isFloat ? 'f32le' : 's32le', sampleRate, channels };
}

/** Writes the samples in their places. Returns when they begin, in seconds from the source's start. */
async function write(pipe: PassThrough, file: FileHandle, changesAt: readonly number[]) {
  let layer: ReturnType<typeof soundLayer> | undefined;
  let begun: Pick<DecodedInput, 'firstSeconds' | 'sampleRate' | 'channels'> | undefined;
  for await (const { pts, timeBase, samples, channels, sampleRate } of readNutSound(pipe)) {
    const seconds = pts * toNumber(timeBase) - LATER_SECONDS;
    layer ??= soundLayer(sampleRate, changesAt);
    begun ??= { firstSeconds: seconds, sampleRate, channels };
    const { at, skip } = layer.add(seconds, samples.length / channels);
    const rest = samples.subarray(skip * channels);
    const bytes = new Uint8Array(rest.buffer, rest.byteOffset, rest.byteLength);
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done, 4 * at * channels + done);
      done += bytesWritten;
    }
  }
  return begun;
}
