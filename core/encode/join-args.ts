import { iso639 } from '../description/language.ts';
import { ffmpegPreamble } from '../ffmpeg-preamble.ts';
import { countedFromStart } from '../film/access.ts';
import { hasAdts } from '../film/probe.ts';
import { needsOwnLanguage } from '../film/tags-of-streams.ts';
import { isInMatroska } from '../settings/delivery.ts';
import { withoutFirstPackets } from '../streams/early-sound.ts';
import { LENGTHS_OF_PACKETS } from '../streams/open-ends.ts';
import { soundTimeFilters } from '../streams/sound-times.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';
import { staleTags } from './carried-metadata.ts';
import { containerArgs } from './container-args.ts';
import { type DecodedInput, decodedInput, decodedOf } from './decoded-input.ts';
import type { JoinPiece, JoinPlan } from './join-plan.ts';
import { pictureArgs } from './picture-args.ts';
import { isAttached } from './planned-attachments.ts';
import { textMovieInputs } from './text-movies.ts';

/**
 * ffmpeg's concat script. Each piece but the last has its duration, because ffmpeg would guess where the next begins.
 * The paths are ours (keys), never the source's.
 */
export function concatScript(pieces: readonly JoinPiece[]): string {
  const lines = pieces.flatMap(({ path, durationSeconds }) => [
    `file 'file:${path.replaceAll("'", "'\\''")}'`,
    ...(durationSeconds === undefined ? [] : [`duration ${durationSeconds.toFixed(9)}`]),
  ]);
  return ['ffconcat version 1.0', ...lines, ''].join('\n');
}

/** What a join reads besides its pieces and its source, and how its times are written. */
export type JoinInputs = {
  /** A file of chapters, where the source's own do not fit. */
  readonly chapters?: string | undefined;
  /** A file for each subtitle from beside the source, in the order of `textsOf`, and ffmpeg's name of its format. */
  readonly texts?: readonly { readonly path: string; readonly format: string }[];
  /** MP4s of texts with their times in the rendition, by their streams. */
  readonly movies?: ReadonlyMap<number, string>;
  /** A file for each WebVTT of Matroska, where the container is none. */
  readonly blocks?: readonly string[];
  /** The decoded sounds, in the order of `decodedOf`. */
  readonly decoded?: readonly DecodedInput[];
  /** An MP4 of the joined picture, to be taken instead of the pieces. */
  readonly picture?: string | undefined;
  /** The ticks a second of the pieces' files; the container's by default. */
  readonly pieceTicks?: number | undefined;
  /** Whether streams may begin before 0, because their times are corrected in the file. */
  readonly mayBeEarly?: boolean | undefined;
  /** Whether the file is only read by another join: a track of chapters would let it begin earlier than its picture. */
  readonly isBetween?: boolean;
};

/** ffmpeg's arguments that join pieces and the source's other streams. Only streams that the plan names are re-encoded. */
export function joinArgs(
  plan: JoinPlan,
  script: string,
  sourceInput: readonly string[],
  inputs: JoinInputs = {},
): string[] {
  const { chapters, texts = [], blocks = [], decoded = [], movies = new Map<number, string>() } = inputs;
  const { picture, pieceTicks, mayBeEarly = false, isBetween = false } = inputs;
  const others = plan.streams.filter(
    (each) =>
      each.stream.index !== plan.mainStream && each.codecArgs && !(isInMatroska(plan.container) && isAttached(each)),
  );
  const firstText = chapters === undefined ? 2 : 3;
  const mapped = others.map((each) => inputOf(each, plan, { firstText, movies: [...movies.keys()] }));
  const ofSource = mapped.flatMap((stream) => (stream.startsWith('1:') ? [Number(stream.slice(2))] : []));
  return [
    [...ffmpegPreamble({ acceptsErrors: true }), '-y'],
    ['-itsoffset', plan.firstSeconds.toFixed(9)], // ffmpeg counts the times of an input from its first
    picture === undefined
      ? ['-f', 'concat', '-safe', '0', '-protocol_whitelist', 'file,pipe', '-i', `file:${script}`]
      : ['-f', 'mp4', '-protocol_whitelist', 'file', '-i', `file:${picture}`],
    plan.sourceOffsetSeconds !== 0 && ['-itsoffset', plan.sourceOffsetSeconds.toFixed(9)],
    sourceInput,
    chapters !== undefined && ['-f', 'ffmetadata', '-protocol_whitelist', 'file', '-i', `file:${chapters}`],
    texts.flatMap(({ path, format }) => ['-f', format, '-protocol_whitelist', 'file', '-i', `file:${path}`]),
    blockInputs(plan, sourceInput, blocks),
    decoded.flatMap((each) => decodedInput(each, plan.sourceOffsetSeconds)),
    textMovieInputs(movies),
    ['-map', '0:v:0'],
    mapped.flatMap((stream) => ['-map', stream]),
    plan.fragmentSeconds !== undefined
      ? ['-map_metadata', '-1', '-map_chapters', '-1']
      : [
          ...fileTags(plan),
          ...[
            '-map_chapters',
            isBetween ? '-1' : chaptersFrom(plan, chapters),
            '-map_metadata:s:v:0',
            `1:s:${plan.mainStream}`,
          ],
          ...withoutTags(staleTagsOfPicture(plan), 0),
          ...ownLanguage(plan.streams.find(({ stream }) => stream.index === plan.mainStream)?.stream.tags ?? {}, 0),
        ],
    pictureArgs(plan, { isJoined: picture !== undefined, pieceTicks }),
    others.flatMap((each, i) => streamArgs(each, i + 1, plan)),
    plan.timecode !== undefined && ['-metadata:s:v:0', `timecode=${plan.timecode}`],
    plan.reel !== undefined && plan.matroska?.hasReel === false && ['-metadata:s:v:0', `reel_name=${plan.reel}`],
    mayBeEarly && ['-avoid_negative_ts', 'disabled'],
    containerArgs(plan),
    ['-fflags', '+bitexact'],
    // for each fragment ffmpeg searches all packets that wait, which takes a minute for each hour of sound after the last picture
    plan.fragmentSeconds === undefined && ['-max_interleave_delta', '0'],
    ['-progress', 'pipe:3', `file:${plan.output}`, ...countedFromStart(plan.access, ofSource, 1)],
  ].flatMap((group) => group || []);
}

type TextInputs = { readonly firstText: number; readonly movies: readonly number[] };

function inputOf(each: StreamPlan, plan: JoinPlan, { firstText, movies }: TextInputs): string {
  const firstBlocks = firstText + textsOf(plan).length;
  const input = [...decodedOf(plan).map(({ stream }) => stream.index), ...movies].indexOf(each.stream.index);
  if (input >= 0) return `${firstBlocks + blockFiles(plan) + input}:0`;
  if (each.inside) return `${firstText + textsOf(plan).indexOf(each)}:0`;
  if (!each.stream.webVttBlocks) return `1:${each.stream.index}`;
  const isInMkv = plan.container === 'mkv';
  return isInMkv ? `${firstBlocks}:${each.stream.index}` : `${firstBlocks + blocksOf(plan).indexOf(each)}:0`;
}

/** WebVTT as Matroska has it in the rendition, which ffmpeg does not know. */
export const blocksOf = ({ streams, container }: Pick<JoinPlan, 'streams' | 'container'>): readonly StreamPlan[] =>
  streams.filter(
    ({ stream, codecArgs, inside }) => isInMatroska(container) && stream.webVttBlocks && codecArgs && !inside,
  );

/** How many inputs there are for WebVTT as Matroska has it. */
const blockFiles = (plan: JoinPlan): number =>
  plan.container === 'mkv' ? Math.min(1, blocksOf(plan).length) : blocksOf(plan).length;

/**
 * The inputs for WebVTT as Matroska has it. For Matroska it is the source once more: as SubRip, ffmpeg copies the blocks and what lies beside them,
 * and the track gets its own name again. Other containers get the text from files.
 */
function blockInputs(plan: JoinPlan, sourceInput: readonly string[], files: readonly string[]): readonly string[] {
  const late = lateBy(plan);
  if (plan.container === 'mkv') return blocksOf(plan).length > 0 ? ['-c:s', 'subrip', ...late, ...sourceInput] : [];
  return files.flatMap((path) => [...late, '-f', 'webvtt', '-protocol_whitelist', 'file', '-i', `file:${path}`]);
}

const lateBy = ({ sourceOffsetSeconds: offset }: JoinPlan): readonly string[] =>
  offset === 0 ? [] : ['-itsoffset', offset.toFixed(9)];

/** The input whose chapters ffmpeg writes; none where they are written after it. */
const chaptersFrom = ({ matroska }: JoinPlan, chapters: string | undefined): string =>
  matroska?.chapters ? '-1' : chapters === undefined ? '1' : '2';

/** A time code among them would be written by ffmpeg as a track of its own, where the film is to have none. */
function staleTagsOfPicture({ streams, mainStream, timecode }: JoinPlan): readonly string[] {
  const picture = streams.find(({ stream }) => stream.index === mainStream)?.stream;
  if (!picture) return [];
  const hasTimecode = timecode === undefined && picture.tags.timecode !== undefined;
  return [...staleTags(picture, true), ...(hasTimecode ? ['timecode'] : [])];
}

/** A film gets its description by us, since ffmpeg writes either iTunes' tags or QuickTime's, and none that it cannot read. */
function fileTags({ metadata, matroska, tags: { without, createdAt } }: JoinPlan): readonly string[] {
  const created = createdAt === undefined ? [] : ['-metadata', `creation_time=${createdAt}`];
  if (metadata !== undefined || matroska !== undefined) return ['-map_metadata:g', '-1', ...created];
  return ['-map_metadata', '1', ...without.flatMap((name) => ['-metadata', `${name}=`]), ...created];
}

/** The plans of Matroska's tracks from subtitle files beside the source, in their order. */
export const textsOf = ({ streams, container }: Pick<JoinPlan, 'streams' | 'container'>): readonly StreamPlan[] =>
  isInMatroska(container) ? streams.filter(({ inside, codecArgs }) => inside && codecArgs) : [];

/** ffmpeg's arguments for one stream beside the picture; `output` is its number in the output. */
export function streamArgs(
  plan: StreamPlan,
  output: number,
  {
    fragmentSeconds,
    sourceOffsetSeconds,
    container,
  }: Pick<JoinPlan, 'fragmentSeconds' | 'sourceOffsetSeconds'> & Partial<Pick<JoinPlan, 'container'>>,
): string[] {
  const { stream, codecArgs = [], withoutFirst, inside } = plan;
  const [wanted = 'copy', ...options] = codecArgs;
  const codec = wanted === 'mov_text' || (inside && wanted === 'webvtt') ? 'copy' : wanted; // we wrote its texts
  const pairs = withTimes(options, soundTimeFilters(plan, sourceOffsetSeconds)).map((option) =>
    option.startsWith('-') ? `${option}:${output}` : option,
  );
  const dispositions = stream.dispositions.length > 0 ? stream.dispositions.join('+') : '0';
  const language = inside ? inside.language : iso639(stream.tags.language);
  const isNamed = inside !== undefined || fragmentSeconds !== undefined; // streams carry no other metadata
  const metadata = isNamed
    ? [`-metadata:s:${output}`, `language=${language ?? 'und'}`]
    : [
        ...[`-map_metadata:s:${output}`, `1:s:${stream.index}`],
        ...withoutTags(staleTags(stream, wanted !== 'copy'), output),
        ...ownLanguage(stream.tags, output),
      ];
  const filters = [
    withoutFirst !== undefined && withoutFirstPackets(withoutFirst),
    codec === 'copy' && hasAdts(stream) && 'aac_adtstoasc',
    codec === 'copy' && plan.endsOpen && LENGTHS_OF_PACKETS,
  ];
  const filter = filters.filter((each) => typeof each === 'string').join(',');
  const filtered = filter === '' ? [] : [`-bsf:${output}`, filter];
  // from version 6.0 on ffmpeg writes FLAC of 32 bits otherwise, which earlier ones and most players cannot decode
  const depth = codec === 'flac' ? [`-bits_per_raw_sample:${output}`, '24'] : [];
  // ffmpeg's usual kind of text in MOV has no mark for what is forced; QuickTime's subtitles do
  const isForced = container === 'mov' && stream.type === 'subtitle' && stream.dispositions.includes('forced');
  const tag = isForced ? [`-tag:${output}`, 'tx3g'] : [];
  return [
    `-c:${output}`,
    codec,
    ...tag,
    ...pairs,
    ...depth,
    ...filtered,
    `-disposition:${output}`,
    dispositions,
    ...metadata,
  ];
}

const ownLanguage = (tags: StreamPlan['stream']['tags'], output: number): readonly string[] =>
  needsOwnLanguage(tags) ? [`-metadata:s:${output}`, `language=${iso639(tags.language) ?? 'und'}`] : [];

const withoutTags = (names: readonly string[], output: number): readonly string[] =>
  names.flatMap((name) => [`-metadata:s:${output}`, `${name}=`]);

/** An encoder's options, with these filters before its own. */
function withTimes(options: readonly string[], filters: readonly string[]): readonly string[] {
  if (filters.length === 0) return options;
  const at = options.indexOf('-filter');
  if (at < 0) return [...options, '-filter', filters.join(',')];
  return options.map((option, i) => (i === at + 1 ? [...filters, option].join(',') : option));
}
