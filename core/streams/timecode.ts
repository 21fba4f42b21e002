import type { MetadataFate } from '../description/metadata.ts';
import type { PictureStream, Probe } from '../film/probe.ts';
import { type Container, isInMatroska } from '../settings/delivery.ts';
import { type Rational, toNumber } from '../units.ts';
import { isTimecode } from './data-tracks.ts';
import { type StreamPlan, WRITTEN_AGAIN } from './stream-plan.ts';

/** The time code of a film's first picture, the name of the reel or card it was shot on, and where they were found. */
export type FilmTimecode = {
  readonly timecode: string | undefined;
  readonly reel: string | undefined;
  /** Where the time code stands: in a track, whose own line tells of it, in tags of the file, or in the pictures. */
  readonly from: 'track' | 'file' | 'pictures';
  /** Other time codes of the file, which differ. */
  readonly others: readonly string[];
};

/** Returns what a film says of its time code: the picture's own tag comes first, then other tracks', the file's, the pictures'. */
export function timecodeIn(main: PictureStream, { streams, tags }: Pick<Probe, 'streams' | 'tags'>): FilmTimecode {
  const tracks = [main, ...streams.filter(({ index }) => index !== main.index)];
  const of = (name: string) => [...tracks.map((stream) => stream.tags[name]), tags[name]].find(Boolean);
  const inTags = of('timecode');
  const hasTrack = streams.some((stream) => stream.type === 'data' && isTimecode(stream));
  const apart = [...tracks.filter(({ type }) => type !== 'data').map((stream) => stream.tags.timecode), tags.timecode];
  const timecode = inTags ?? main.video.timecode;
  return {
    timecode,
    reel: of('reel_name'),
    from: hasTrack ? 'track' : inTags === undefined ? 'pictures' : 'file',
    others: [...new Set(apart)].filter((each) => each !== undefined && each !== timecode).map(String),
  };
}

/**
 * Whether the container can hold the timecode. MP4 and MOV count frames at a rounded rate of at most 255, with drop-frame
 * only at multiples of 29.97, and ffmpeg knows no rate for fewer than three frames. Matroska stores the timecode as text.
 */
export function canSay(
  timecode: string,
  { container, rate, frames }: { readonly container: Container; readonly rate: Rational; readonly frames: number },
): boolean {
  if (isInMatroska(container)) return true;
  const [, hours, mark, frame] = /^(\d\d):[0-5]\d:[0-5]\d([:;.])(\d+)$/.exec(timecode) ?? [];
  if (frames < LEAST_FRAMES) return false;
  const whole = Math.round(toNumber(rate));
  const mayDrop = whole % 30 === 0 && rate.den % 1001 === 0;
  return Number(hours) < 24 && whole <= MOST_RATE && Number(frame) < whole && (mark === ':' || mayDrop);
}

const LEAST_FRAMES = 3;
const MOST_RATE = 255;

/** Returns the name that a movie gives the handler of its time code, as "GoPro TCD", or else the usual one. */
export function timecodeHandler({ streams }: Pick<Probe, 'streams'>): string {
  const track = streams.find((stream) => stream.type === 'data' && isTimecode(stream));
  return track?.tags.handler_name?.trim() || 'TimeCodeHandler';
}

/** Whether two texts are one time code: readers write the frame in one digit at up to 10 a second, and in three above 100. */
export const isSameTimecode = (a: string, b: string): boolean => withPlainFrame(a) === withPlainFrame(b);

const withPlainFrame = (timecode: string): string => timecode.replace(/\d+$/, (frame) => `${Number(frame)}`);

/** The time code that is written, and the one that the source says, which counts half as many pictures where fields become pictures. */
type Written = {
  readonly found: string | undefined;
  readonly written: string | undefined;
  /** Whether the source's track does not count on from its first picture to its end. */
  readonly jumps?: boolean;
};

/** Returns the plans with the true fate of each track of time code: a rendition has one time code, or none. */
export const withTimecode = (plans: readonly StreamPlan[], timecode: Written, said = timecode.found) =>
  plans.map((plan): StreamPlan => {
    const { stream } = plan;
    if (stream.type !== 'data' || !isTimecode(stream) || plan.sidecar || plan.track || stream.unusable) return plan;
    const nowhere = { ...plan, fate: 'dropped', codecArgs: undefined } as const;
    if (timecode.written === undefined) return { ...nowhere, why: whyNot(timecode.found) };
    const own = stream.tags.timecode;
    if (own === undefined || own === said)
      return timecode.jumps
        ? {
            ...plan,
            fate: 'converted',
            why: `its timecode jumps; the rendition's begins with ${timecode.written} and counts on`,
          }
        : { ...plan, ...WRITTEN_AGAIN };
    return { ...nowhere, why: `a rendition has one time code, and ${timecode.written} is written` };
  });

const whyNot = (found: string | undefined): string =>
  found === undefined
    ? 'its timecode cannot be read'
    : `no track of time code says ${found} here: it takes at least ${LEAST_FRAMES} pictures, at most ${MOST_RATE} a second, and drop-frame only at multiples of 29.97`;

/** Returns the lines of a time code that no track of the source holds, and of the reel. */
export function timecodeFates(
  { timecode, reel, from, others }: FilmTimecode,
  {
    written,
    container,
    retimed,
    copiesTags = false,
  }: {
    readonly written: string | undefined;
    readonly container: Container;
    readonly retimed: boolean;
    /** Whether the tags of the source are copied, with lines of their own. */
    readonly copiesTags?: boolean;
  },
): readonly MetadataFate[] {
  const line = (name: string, fate: MetadataFate['fate'], why: string): MetadataFate => ({
    ...{ place: 'movie', name, fate, why },
  });
  const isTold = copiesTags && from === 'file';
  const where = from === 'pictures' ? 'its pictures' : 'the file';
  const how = isInMatroska(container)
    ? `as the tag TIMECODE, ${written}`
    : `as a track of time code that begins with ${written}`;
  const against = retimed ? 'a timecode counts frames of the old rate' : whyNot(timecode);
  const own =
    timecode === undefined || from === 'track' || isTold
      ? []
      : written === undefined
        ? [line('timecode', 'dropped', against)]
        : [line('timecode', 'converted', `it stands in ${where}; written ${how}`)];
  const more = isTold
    ? []
    : others.map((other) =>
        line('timecode', 'dropped', `a rendition has one time code, and this is another: ${other}`),
      );
  return [...own, ...more, ...reelFates({ reel, written, container, isTold: copiesTags }, line)];
}

const isTooLong = (reel: string) => Buffer.byteLength(reel) > 1024;

/** The reel's name that is written, into Matroska or beside a time code. */
export const writtenReel = ({ reel }: FilmTimecode, timecode: string | undefined, container: Container) =>
  reel === undefined || isTooLong(reel) || (timecode === undefined && !isInMatroska(container)) ? undefined : reel;

type Reel = Pick<FilmTimecode, 'reel'> & {
  readonly written: string | undefined;
  readonly container: Container;
  readonly isTold: boolean;
};

function reelFates(
  { reel, written, container, isTold }: Reel,
  line: (name: string, fate: MetadataFate['fate'], why: string) => MetadataFate,
): readonly MetadataFate[] {
  if (reel === undefined || isTold) return [];
  if (isTooLong(reel)) return [line('reel_name', 'dropped', 'it is larger than any real one')];
  if (isInMatroska(container)) return [line('reel_name', 'converted', 'written as a tag of Matroska')];
  return written === undefined
    ? [line('reel_name', 'dropped', 'it belongs to a time code, and the rendition has none')]
    : [line('reel_name', 'kept', 'it stands with the time code')];
}

/** The timecode of a film with two pictures of each frame, which counts twice as many in a second. */
export const timecodeOfFields = (timecode: string): string =>
  timecode.replace(/\d+$/, (frame) => `${2 * Number(frame)}`.padStart(2, '0'));
