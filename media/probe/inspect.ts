import { severalComments } from '../../core/bytes/vorbis-comments.ts';
import { withAsfTexts } from '../../core/description/asf-texts.ts';
import { aviTags } from '../../core/description/avi-tags.ts';
import { flvScript, withFlvScript } from '../../core/description/flv-script.ts';
import { mayDrop, withRecording } from '../../core/description/told-by-pictures.ts';
import { ServiceError } from '../../core/errors.ts';
import { withProbedBytes } from '../../core/film/access.ts';
import { withEarlyStreams } from '../../core/film/early-streams.ts';
import { withFilmLength } from '../../core/film/film-length.ts';
import { LIMITS } from '../../core/film/limits.ts';
import { FFPROBE_ARGUMENTS, parseFfprobe } from '../../core/film/parse-ffprobe.ts';
import { PICTURE_COUNT_ARGUMENTS, parsePictureCounts, withStills } from '../../core/film/parse-picture-counts.ts';
import { isMovie, mainVideo, type Probe, pictureStreams, type VideoFacts } from '../../core/film/probe.ts';
import { configurationOf } from '../../core/film/rpu-header.ts';
import {
  pidsOf,
  refuseCodedFields,
  refuseUnusable,
  scrambledPicture,
  scrambledStreams,
  withUnusable,
} from '../../core/film/unusable.ts';
import type { Inspected, Inspection } from '../../core/ports/film-reader.ts';
import { withProgramWords } from '../../core/recordings/program-words.ts';
import { flvSoundGoesOn, movieSoundGoesOn, streamsGoOn } from '../../core/recordings/streams-go-on.ts';
import { toNumber } from '../../core/units.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { readAsfHeader } from '../structure/asf-header.ts';
import { aviTexts } from '../structure/avi-texts.ts';
import { broadcastTags } from '../structure/broadcast-said.ts';
import { flvScripts } from '../structure/flv-scripts.ts';
import { flvSoundCodecs } from '../structure/flv-sounds.ts';
import { judgeStructure } from '../structure/judge-structure.ts';
import { describedParts } from '../structure/mp4-sound-entries.ts';
import { refuseChain } from '../structure/ogg-chain.ts';
import { oggCommentPackets } from '../structure/ogg-comment-packets.ts';
import { promiseOf } from '../structure/promise-of.ts';
import { recordedAt } from '../structure/recorded-at.ts';
import { programMapsOf } from '../structure/ts-programs.ts';
import { saidInPictures } from '../structure/user-data.ts';
import { withChapterTracks } from './chapter-tracks.ts';
import { withCodecStrings } from './codec-strings.ts';
import { withContainerWords } from './container-words.ts';
import { factsWithPackets } from './facts-with-packets.ts';
import { firstFrames } from './first-frames.ts';
import { inputArguments } from './input-arguments.ts';
import { withLateStreams } from './late-streams.ts';
import { withMovieLength } from './movie-length.ts';
import { withShownTimecodes } from './shown-timecodes.ts';
import { withSoundDelays, withSoundProfiles } from './sound-profiles.ts';

/** Judges the file's structure with our own reader first, and then reads its streams with ffprobe. */
export async function inspect(
  ffprobe: string,
  { path, damaged, packets: then }: { readonly path: string } & Inspection,
  signal: AbortSignal,
): Promise<Inspected> {
  const { warnings, family, fragments, scrambled } = await judgeStructure(path, signal, damaged);
  await refuseChain(path, family, signal);
  const promised = await promiseOf(path, { family, fragments }, signal);
  const asking = (probedBytes?: number) => async (questions: readonly string[]) => {
    const input = inputArguments(path, { family, access: withProbedBytes('sequential', probedBytes) });
    const run = { signal, blame: 'bad-input', doing: 'probing the file' } as const;
    return jsonOf((await runFfmpeg(ffprobe, [...questions, ...input], run)).stdout);
  };
  const both = then === 'follow' ? await factsWithPackets(ffprobe, { path, family }, signal) : undefined;
  const alone = (probedBytes?: number) =>
    asking(probedBytes)(FFPROBE_ARGUMENTS).catch((error: unknown) => {
      throw unopened(error) ?? error;
    });
  const maps = await programMapsOf(path, family, signal);
  const late = await withLateStreams(both?.file ?? (await alone()), { path, family, maps }, alone, signal);
  const { file, probedBytes } = late;
  const ask = asking(probedBytes);
  const first = parseFfprobe(file, undefined);
  const { frames, configurations, unusable: undecodable } = await firstFrames(ask, first, both?.packets);
  const pids = pidsOf(file);
  const unusable = new Map([...undecodable, ...scrambledStreams(first, pids, scrambled, { undecodable, damaged })]);
  const pictures =
    pictureStreams(first).length > 1 ? parsePictureCounts(both?.file ?? (await ask(PICTURE_COUNT_ARGUMENTS))) : NONE;
  const known = (probe: Probe) => withStills(withUnusable(probe, unusable), pictures);
  const main = mainVideo(known(first));
  refuseCodedFields(main, main && frames.get(main.index));
  const parsed = known(parseFfprobe(file, main && { frames: [frames.get(main.index)] }));
  const reached = { ...parsed, access: withProbedBytes(parsed.access, probedBytes) };
  const described = withEarlyStreams(reached, (stream) => frames.get(stream)?.pts);
  const sent = { ...described, tags: { ...(await broadcastTags(path, family, signal)), ...described.tags } };
  const told = await withOwnWords(sent, path, signal);
  const whole = withCodecStrings(told, file, configurations);
  const picture = { family, codec: main?.codec ?? '' };
  const recorded = withSaid(
    withRecording(whole, main?.index, await recordedAt(path, { ...picture, mayDrop: mayDrop(main?.video) }, signal)),
    main?.index,
    await saidInPictures(path, picture, signal),
  );
  const long = withFilmLength(await withMovieLength(recorded, path, signal), LIMITS.seconds);
  const timed = await withShownTimecodes(await withChapterTracks(long, path, signal), path, signal);
  const heard = await withSoundDelays(timed, ask);
  const typed = withProgramWords(await withContainerWords(heard, path, signal), maps, pids);
  const probe = await withSoundProfiles(typed, ask);
  refuseUnusable(probe, damaged);
  const goesOn = [
    ...streamsGoOn(maps, { probe, pids, damaged }),
    ...flvSoundGoesOn(await flvSoundCodecs(path, family, signal), damaged),
    ...movieSoundGoesOn(isMovie(probe) ? await describedParts(path, signal) : new Map(), damaged),
  ];
  const inPart = scrambledPicture(main, main && pids.get(main.index), scrambled);
  return { probe, warnings: [...warnings, ...late.warnings, ...inPart, ...goesOn], promised, packets: both?.packets };
}

/** What an AVI, an ASF, an Ogg and an FLV say of their film, which ffprobe reads in part, and of which it misunderstands a part. */
async function withOwnWords(probe: Probe, path: string, signal: AbortSignal): Promise<Probe> {
  if (probe.format === 'avi') return withAviTags(probe, aviTags(await aviTexts(path, signal)));
  if (probe.format === 'asf') return withAsfTexts(probe, (await readAsfHeader(path, signal)).texts);
  if (probe.format === 'ogg') {
    const several = (await oggCommentPackets(path, signal)).map(severalComments);
    return { ...probe, severalValues: several.flat() };
  }
  if (probe.format !== 'flv') return probe;
  const hasTexts = probe.streams.some(({ type }) => type === 'subtitle');
  return withFlvScript(probe, flvScript(await flvScripts(path, hasTexts, signal)));
}

/** The tags of an AVI's header, of which ffprobe reads a part. It reads dates by the clock of this machine, and has a name of its own for a maker. */
function withAviTags(probe: Probe, tags: Readonly<Record<string, string>>): Probe {
  const { creation_time } = tags;
  const { maker: make, ...others } = probe.tags;
  const own = { ...others, ...(make !== undefined && { make }) };
  return { ...probe, tags: { ...tags, ...own, ...(creation_time !== undefined && { creation_time }) } };
}

/** ffprobe tells of captions that begin with the first picture, and not how two eyes lie in pictures of HEVC and MPEG-2. */
function withSaid(
  probe: Probe,
  picture: number | undefined,
  {
    userData,
    hasCaptions,
    hasFormat,
    framePacking,
    dolbyProfile,
    hasLayers,
  }: Awaited<ReturnType<typeof saidInPictures>>,
): Probe {
  const streams = probe.streams.map((stream) => {
    if (stream.index !== picture || !stream.video) return stream;
    const { video } = stream;
    const isOfOneEye = stream.tags.stereo_mode === 'mono';
    const inContainer = video.packing === 'unknown' ? undefined : video.packing;
    const packing = isOfOneEye ? video.packing : (inContainer ?? framePacking);
    return {
      ...stream,
      video: {
        ...video,
        hdr: dolbyProfile === undefined ? video.hdr : withProfile(video, dolbyProfile),
        hasClosedCaptions: video.hasClosedCaptions || hasCaptions,
        ...(userData.length > 0 && { userData }),
        ...(hasFormat && { hasActiveFormat: true as const }),
        ...(packing !== undefined && { packing }),
        ...(framePacking !== undefined && { framePacking }),
        ...(hasLayers && { hasLayers }),
      },
    };
  });
  return { ...probe, streams };
}

/** Where the container does not say which Dolby Vision a picture has, its own metadata does. */
function withProfile(video: VideoFacts, profile: number): VideoFacts['hdr'] {
  if (video.hdr.dolbyVision && video.hdr.dolbyVision.profile > 0) return video.hdr;
  const rate = toNumber(video.averageFrameRate ?? video.baseFrameRate ?? { num: 25, den: 1 });
  return { ...video.hdr, dolbyVision: configurationOf(profile, video, video.width * video.height * rate) };
}

/** Returns the error for a file that ffprobe cannot read because a decoder refuses a stream's header; else undefined. */
function unopened(error: unknown): ServiceError | undefined {
  if (!(error instanceof ServiceError) || !Array.isArray(error.details.stderr)) return undefined;
  const [, stream] = /Could not open codec for input stream (\d+)/.exec(error.details.stderr.join('\n')) ?? [];
  if (stream === undefined) return undefined;
  const what = `the header of stream ${stream} is broken, and no decoder opens it`;
  return new ServiceError(
    'bad-input',
    `${what}; remux the source without it (ffmpeg -map 0 -map -0:${stream} -c copy)`,
    error.details,
    { cause: error },
  );
}

const NONE: ReadonlyMap<number, number> = new Map();

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ServiceError(
      'bad-input',
      'ffprobe cannot describe this file; check that it plays, and drop a copy that does',
      {},
      { cause: error },
    );
  }
}
