import { PassThrough } from 'node:stream';
import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { countedFromStart } from '../../core/film/access.ts';
import { KIND_BYTES, refersBack, saysItsKind, soundChanges, soundKind } from '../../core/film/changing-sound.ts';
import { flvCodec, flvSoundKinds } from '../../core/film/flv-sound.ts';
import { hasAdts, isMovie, type Probe, type Stream } from '../../core/film/probe.ts';
import { kindsInEntries } from '../../core/film/sound-entries.ts';
import type { SoundChange, SoundKind } from '../../core/film/sound-kind.ts';
import type { Source, Survey } from '../../core/ports/film-reader.ts';
import { readNutHeads } from '../nut/read-nut-heads.ts';
import { LATER_SECONDS, soundOutput } from '../nut/sound-output.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { flvSounds } from '../structure/flv-sounds.ts';
import { describedParts } from '../structure/mp4-sound-entries.ts';
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
  const sounds = source.probe.streams.filter((stream) => mayChange(stream, source.probe));
  const found = await changesFound(ffmpeg, source, { sounds, signal });
  const streams = survey.streams.map((each) => {
    const changes = found.get(each.stream) ?? [];
    return changes.length < 2 ? each : { ...each, changes };
  });
  return { ...survey, streams };
}

function changesFound(
  ffmpeg: string,
  source: Source,
  { sounds, signal }: { readonly sounds: readonly Stream[]; readonly signal: AbortSignal },
): Promise<Changes> {
  if (source.probe.format === 'flv') return changesInFlv(source, signal);
  return isMovie(source.probe) ? changesInMovie(source, signal) : changesInAll(ffmpeg, source, sounds, signal);
}

/** ffmpeg's demuxer hands on each description, as that of an FLV does. */
async function changesInMovie({ path, probe }: Source, signal: AbortSignal): Promise<Changes> {
  const usable = probe.streams.filter(({ codec, unusable }) => codec === 'aac' && !unusable);
  if (usable.length === 0) return new Map();
  const parts = await describedParts(path, signal);
  const kinds = usable.map(({ index }) => [index, kindsInEntries(parts.get(index) ?? [])] as const);
  const later = (change: SoundChange) => ({ ...change, fromSeconds: change.fromSeconds - probe.startSeconds });
  return new Map(kinds.map(([index, changes]) => [index, changes.map(later)]));
}

/** ffmpeg's demuxer hands on each description of AAC, and a copy in another container has the first one alone. */
async function changesInFlv({ path, probe }: Source, signal: AbortSignal): Promise<Changes> {
  const sound = probe.streams.find(({ codec, unusable }) => (codec === 'aac' || codec === 'mp3') && !unusable);
  if (!sound) return new Map();
  const changes = soundChanges();
  const kindOf = flvSoundKinds();
  for await (const { codec, begins, seconds } of flvSounds(path, signal)) {
    const kind = flvCodec(codec).toLowerCase() === sound.codec ? kindOf(codec, begins) : undefined;
    if (kind) changes.add(kind, seconds - probe.startSeconds);
  }
  return new Map([[sound.index, changes.found()]]);
}

/** AAC without headers of its own is described once for all of it. */
const mayChange = (stream: Stream, probe: Probe): boolean =>
  stream.type === 'audio' &&
  !stream.unusable &&
  /^(mpegts|mpeg)$/.test(probe.format) &&
  saysItsKind(stream.codec) &&
  (stream.codec !== 'aac' || hasAdts(stream));

type Changes = ReadonlyMap<number, readonly SoundChange[]>;

/**
 * Returns the kinds by stream, of all sounds by one reading of the file. A sound that ffmpeg cannot write ends the reading of the others
 * too, and then each is read alone.
 */
async function changesInAll(
  ffmpeg: string,
  source: Source,
  sounds: readonly Stream[],
  signal: AbortSignal,
): Promise<Changes> {
  if (sounds.length === 0) return new Map();
  const together = await changesIn(ffmpeg, source, sounds, signal);
  if (together.isWhole || sounds.length === 1) return together.found;
  const found = new Map<number, readonly SoundChange[]>();
  for (const sound of sounds) {
    const alone = await changesIn(ffmpeg, source, [sound], signal);
    for (const [stream, changes] of alone.found) found.set(stream, changes);
  }
  return found;
}

/** The lowest number of a pipe for bytes: ffmpeg's own pipes lie below it. */
const FIRST_PIPE = 4;

async function changesIn(
  ffmpeg: string,
  { path, probe }: Source,
  sounds: readonly Stream[],
  signal: AbortSignal,
): Promise<{ readonly found: Changes; readonly isWhole: boolean }> {
  const outputs = sounds.map((stream, i) => ({ stream, fd: FIRST_PIPE + i, pipe: new PassThrough() }));
  const args = [
    ...[...ffmpegPreamble({ acceptsErrors: true }), ...timedInputArguments(path, probe.access)],
    ...outputs.flatMap(({ stream, fd }) => ['-map', `0:${stream.index}`, '-c', 'copy', ...soundOutput(fd)]),
    ...countedFromStart(
      probe.access,
      sounds.map(({ index }) => index),
    ),
  ];
  const changes = outputs.map(() => soundChanges());
  const readings = outputs.map(async ({ stream: { codec }, pipe }, i) => {
    let described: SoundKind | undefined;
    for await (const { seconds, bytes } of readNutHeads(pipe, KIND_BYTES)) {
      described = soundKind(codec, bytes) ?? (refersBack(codec) ? described : undefined);
      changes[i]?.add(described, seconds - LATER_SECONDS);
    }
  });
  const copying = runFfmpeg(ffmpeg, args, {
    signal,
    stdout: 'ignore',
    bytePipes: Object.fromEntries(outputs.map(({ fd, pipe }) => [fd, pipe])),
    blame: 'bad-input',
    doing: `reading the sound of stream ${sounds.map(({ index }) => index).join(', ')}`,
  });
  const ends = await Promise.allSettled([copying, ...readings]);
  const failures = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  if (failures.length > 0 && (signal.aborted || !failures.some(isBadInput))) throw failures[0];
  return {
    found: new Map(sounds.map(({ index }, i) => [index, changes[i]?.found() ?? []])),
    isWhole: failures.length === 0,
  };
}

const isBadInput = (error: unknown): boolean => error instanceof ServiceError && error.code === 'bad-input';
