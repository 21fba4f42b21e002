import { PassThrough } from 'node:stream';
import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { KIND_BYTES, refersBack, saysItsKind, soundChanges, soundKind } from '../../core/film/changing-sound.ts';
import { flvSoundKinds } from '../../core/film/flv-sound.ts';
import { hasAdts, type Probe, type SoundChange, type SoundKind, type Stream } from '../../core/film/probe.ts';
import type { Source, Survey } from '../../core/ports/film-reader.ts';
import { readNutHeads } from '../nut/read-nut-heads.ts';
import { LATER_SECONDS, SOUND_OUTPUT } from '../nut/sound-output.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { flvSounds } from '../structure/flv-sounds.ts';
import { timedInputArguments } from './input-arguments.ts';

/**
 * Returns the survey with the kinds of sounds that change midway. Recordings of broadcasts hold one stream behind another; containers with
 * a header for the whole stream hold one kind.
 */
export async function withChanges<Found extends Pick<Survey, 'streams'>>(
  ffmpeg: string,
  source: Source,
  survey: Found,
  signal: AbortSignal,
): Promise<Found> {
  const found = new Map<number, readonly SoundChange[]>();
  if (source.probe.format === 'flv') {
    const aac = source.probe.streams.find(({ codec, unusable }) => codec === 'aac' && !unusable);
    if (aac) found.set(aac.index, await changesInFlv(source, signal));
  }
  for (const stream of source.probe.streams) {
    if (mayChange(stream, source.probe)) found.set(stream.index, await changesIn(ffmpeg, source, stream, signal));
  }
  const streams = survey.streams.map((each) => {
    const changes = found.get(each.stream) ?? [];
    return changes.length < 2 ? each : { ...each, changes };
  });
  return { ...survey, streams };
}

/** ffmpeg's demuxer hands on each description, and a copy in another container has the first one alone. */
async function changesInFlv({ path, probe }: Source, signal: AbortSignal): Promise<readonly SoundChange[]> {
  const changes = soundChanges();
  const kindOf = flvSoundKinds();
  for await (const { codec, begins, seconds } of flvSounds(path, signal)) {
    const kind = kindOf(codec, begins);
    if (kind) changes.add(kind, seconds - probe.startSeconds);
  }
  return changes.found();
}

/** AAC without headers of its own is described once for all of it. */
const mayChange = (stream: Stream, probe: Probe): boolean =>
  stream.type === 'audio' &&
  !stream.unusable &&
  /^(mpegts|mpeg)$/.test(probe.format) &&
  saysItsKind(stream.codec) &&
  (stream.codec !== 'aac' || hasAdts(stream));

async function changesIn(
  ffmpeg: string,
  { path, probe }: Source,
  { index, codec }: Stream,
  signal: AbortSignal,
): Promise<readonly SoundChange[]> {
  const pipe = new PassThrough();
  const args = [
    ...[...ffmpegPreamble({ acceptsErrors: true }), ...timedInputArguments(path, probe.access)],
    ...['-map', `0:${index}`, '-c', 'copy', ...SOUND_OUTPUT],
  ];
  const changes = soundChanges();
  let described: SoundKind | undefined;
  const reading = (async () => {
    for await (const { seconds, bytes } of readNutHeads(pipe, KIND_BYTES)) {
      const kind = soundKind(codec, bytes);
      described = kind ?? (refersBack(codec) ? described : undefined);
      changes.add(described, seconds - LATER_SECONDS);
    }
  })();
  const options = { signal, stdout: pipe, blame: 'bad-input', doing: `reading the sound of stream ${index}` } as const;
  const [copied, read] = await Promise.allSettled([runFfmpeg(ffmpeg, args, options), reading]);
  for (const { status, ...rest } of [copied, read]) {
    const reason = 'reason' in rest ? rest.reason : undefined;
    if (status === 'rejected' && !(reason instanceof ServiceError && reason.code === 'bad-input')) throw reason;
  }
  return changes.found();
}
