import { createHash } from 'node:crypto';
import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import type { FilePacket } from '../../core/film/file-packets.ts';
import { hasClockOf90kHz } from '../../core/film/film-length.ts';
import { frameColumns, shownColumns, timeColumns } from '../../core/film/frame-columns.ts';
import { DISCARD, type FrameTimes, KEY, presentationTimes } from '../../core/film/frame-index.ts';
import { hasAdts, isMatroska, isMovie, isPcm } from '../../core/film/probe.ts';
import type { Source, Survey, SurveyOptions, TimesOptions } from '../../core/ports/film-reader.ts';
import { movesOntoOneClock } from '../../core/recordings/recordings.ts';
import { apartSeconds } from '../../core/streams/clock-jumps.ts';
import { withoutFirstPackets } from '../../core/streams/early-sound.ts';
import { ticksOfMicroseconds } from '../../core/ticks.ts';
import type { Rational } from '../../core/units.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { eachPacket } from './each-packet.ts';
import { fileClock } from './file-clock.ts';
import { inputArguments } from './input-arguments.ts';
import { pictureCollector } from './picture-collector.ts';
import { placeCollector } from './place-collector.ts';
import { spoolFile } from './spool-file.ts';
import { streamCollector } from './stream-collector.ts';

/**
 * Reads every packet of a file once, hashed by ffprobe, without decoding. Memory grows by 25 bytes a picture, and with a folder for the
 * hashes of a long film by 9.
 */
export const packetSurvey = (ffprobe: string, source: Source, options: SurveyOptions): Promise<Survey> =>
  surveyInto(
    frameColumns(options.folder === undefined ? undefined : spoolFile(options.folder)),
    ffprobe,
    source,
    options,
  );

/**
 * Reads every packet of a file once, without keeping hashes of the picture's packets, in the order of showing unless that of decoding
 * is asked for. Memory grows by 9 bytes a picture.
 */
export const timesSurvey = (ffprobe: string, source: Source, options: TimesOptions): Promise<Survey<FrameTimes>> =>
  surveyInto(options.keepsOrder ? timeColumns() : shownColumns(), ffprobe, source, options);

type Columns<Index> = {
  add(pts: number, flags: number, hash: string): void;
  index(from: 'packets', timeBase: Rational): Index;
};

async function surveyInto<Index extends FrameTimes>(
  columns: Columns<Index>,
  ffprobe: string,
  source: Source,
  { signal, onProgress, tellsPlaces = false }: SurveyOptions,
): Promise<Survey<Index>> {
  const { probe, stream: video } = source;
  const places = tellsPlaces ? placeCollector() : undefined;
  const clock = fileClock(probe);
  const streams = probe.streams.map((stream) =>
    streamCollector({ ...stream, isInMovie: isMovie(probe) }, probe.startSeconds),
  );
  const main = probe.streams[video];
  if (!main) throw new ServiceError('bad-input', `no stream ${video} in the file; it has ${probe.streams.length}`);
  const frames = frameCollector(columns, main.timeBase, probe.startSeconds);
  const picture = pictureCollector(main.timeBase, probe);
  let bytes = 0;
  const { hasErrors, stopped } = await eachPacket(ffprobe, { source, tellsPlaces, signal }, (found) => {
    bytes += found.size;
    onProgress(bytes);
    const stream = probe.streams[found.stream_index];
    streams[found.stream_index]?.add(found, stream ? clock.shiftFor(stream, found) : 0);
    if (found.stream_index === video) frames.add(found);
    places?.add(found, found.stream_index === video);
    picture.add(isMatroska(probe) ? found : { ...found, pos: undefined }, found.stream_index === video);
  });
  const index = columns.index('packets', main.timeBase);
  const apart = (sound: number) => {
    if (probe.streams[sound]?.type !== 'audio') return {};
    const seconds = apartSeconds(clock.jumps(), { picture: video, sound });
    return seconds === undefined ? { isApartUnknown: true as const } : seconds === 0 ? {} : { apartSeconds: seconds };
  };
  const surveys = streams.map((stream) => stream.survey()).map((survey) => ({ ...survey, ...apart(survey.stream) }));
  const moves = hasClockOf90kHz(probe) ? movesOntoOneClock(clock.parts()) : undefined;
  return {
    index,
    picture: picture.found(surveys, hasErrors),
    ...(places && { places: places.found() }),
    timesAreSound: frames.timesAreSound(presentationTimes(index)),
    streams: surveys,
    ...(clock.jumps().length > 0 && { jumps: clock.jumps() }),
    ...(moves && { moves }),
    ...(stopped.length > 0 && { stopped }),
  };
}

/**
 * Returns the survey with the hash of all samples for each PCM stream, since containers put different numbers of samples into
 * a packet. PCM streams are read a second time, which costs little in MOV and MKV, where other streams are skipped.
 */
export async function withSamples<Found extends Pick<Survey, 'streams'>>(
  ffmpeg: string,
  { path, probe }: Source,
  survey: Found,
  signal: AbortSignal,
): Promise<Found> {
  const sounds = probe.streams.filter((stream) => isPcm(stream) && !stream.unusable).map(({ index }) => index);
  const whole = new Map(sounds.map((stream) => [stream, 0]));
  const cut = new Map(
    survey.streams.flatMap(({ stream, early }) => (early && whole.has(stream) ? [[stream, early.packets]] : [])),
  );
  const [hashes, others] = [
    await hashesOfSamples(ffmpeg, { path, probe }, whole, signal),
    await hashesOfSamples(ffmpeg, { path, probe }, cut, signal),
  ];
  const streams = survey.streams.map((each) => {
    const { stream, early, sha256 } = each;
    const later = early && { ...early.others, sha256: others.get(stream) ?? early.others.sha256 };
    return { ...each, sha256: hashes.get(stream) ?? sha256, ...(later && { early: { ...early, others: later } }) };
  });
  return { ...survey, streams };
}

/** Returns the SHA-256 of each stream's samples. `withoutFirst` has, by stream, how many packets at its beginning are left out. */
async function hashesOfSamples(
  ffmpeg: string,
  { path, probe }: Pick<Source, 'path' | 'probe'>,
  withoutFirst: ReadonlyMap<number, number>,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, string>> {
  const hashes = new Map<number, string>();
  const sounds = [...withoutFirst.keys()];
  if (sounds.length === 0) return hashes;
  const args = [
    ...ffmpegPreamble(),
    ...inputArguments(path, probe),
    ...sounds.flatMap((stream) => ['-map', `0:${stream}`]),
    ...['-c', 'copy'],
    ...[...withoutFirst.values()].flatMap((first, output) =>
      first > 0 ? [`-bsf:${output}`, withoutFirstPackets(first)] : [],
    ),
    ...['-f', 'streamhash', '-hash', 'SHA256', 'pipe:1'],
  ];
  await runFfmpeg(ffmpeg, args, {
    signal,
    blame: 'bad-input',
    doing: 'reading the sound',
    onStdoutLine: (line) => {
      const [, output, hash] = /^(\d+),a,SHA256=(\w+)/.exec(line) ?? [];
      const stream = sounds[Number(output)];
      if (stream !== undefined && hash !== undefined) hashes.set(stream, hash);
    },
  });
  return hashes;
}

/** Returns the survey with AAC streams hashed without their ADTS headers, as MP4 stores them. */
export async function withoutAdts<Found extends Pick<Survey, 'streams'>>(
  ffmpeg: string,
  { path, probe }: Source,
  survey: Found,
  signal: AbortSignal,
): Promise<Found> {
  const sounds = probe.streams.filter((stream) => hasAdts(stream) && !stream.unusable).map(({ index }) => index);
  if (sounds.length === 0) return survey;
  const hashes = await hashesWithoutAdts(ffmpeg, { path, probe }, sounds, signal);
  const streams = survey.streams.map((each) => ({ ...each, sha256: hashes.get(each.stream) ?? each.sha256 }));
  return { ...survey, streams };
}

/** Returns the hash of each of these sounds, all by one reading of the file. */
async function hashesWithoutAdts(
  ffmpeg: string,
  { path, probe }: Pick<Source, 'path' | 'probe'>,
  sounds: readonly number[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, string>> {
  const hashes = sounds.map(() => createHash('sha256'));
  const args = [
    ...[...ffmpegPreamble(), ...inputArguments(path, probe), ...sounds.flatMap((stream) => ['-map', `0:${stream}`])],
    ...['-c', 'copy', '-bsf:a', 'aac_adtstoasc', '-f', 'framehash', '-hash', 'SHA256', 'pipe:1'],
  ];
  await runFfmpeg(ffmpeg, args, {
    signal,
    blame: 'bad-input',
    doing: 'reading the sound',
    onStdoutLine: (line) => {
      const [output = '', , , , , packetHash = ''] = line.startsWith('#') ? [] : line.split(',');
      if (packetHash !== '') hashes[Number(output)]?.update(`SHA256:${packetHash.trim()}`);
    },
  });
  return new Map(sounds.map((stream, output) => [stream, hashes[output]?.digest('hex') ?? '']));
}

function frameCollector(columns: Pick<Columns<unknown>, 'add'>, timeBase: Rational, startSeconds: number) {
  const origin = ticksOfMicroseconds(Math.round(startSeconds * 1e6), timeBase);
  let unknownTimes = 0;
  return {
    add({ pts, flags, data_hash }: FilePacket) {
      if (pts === undefined) unknownTimes++;
      const bits = (flags.includes('K') ? KEY : 0) | (flags.includes('D') ? DISCARD : 0);
      columns.add((pts ?? 0) - origin, bits, data_hash.slice(data_hash.indexOf(':') + 1));
    },
    /** Whether every picture has a time, and no two have the same. */
    timesAreSound(times: Float64Array) {
      return unknownTimes === 0 && times.every((time, i) => i === 0 || time > (times[i - 1] ?? -1));
    },
  };
}
