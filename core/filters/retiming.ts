import { usage } from '../errors.ts';
import type { Container } from '../settings/delivery.ts';
import type { Settings } from '../settings/settings.ts';
import { losslessBits, losslessCodecFor, lostObjects } from '../streams/lossless-sound.ts';
import { opusArgs } from '../streams/opus-sound.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';
import { sidecarName } from '../streams/track-marks.ts';
import { type Rational, reduced, times, toNumber } from '../units.ts';

/**
 * A film that plays slower or faster than its source: every time is multiplied by `timeFactor`, which is 25/24 for 25
 * frames a second played at 24.
 */
export type Retiming = { readonly timeFactor: Rational; readonly pitch: NonNullable<Settings['pitch']> };

/**
 * The largest change of speed: PAL's 4 % and NTSC's 0.1 % together fit. A larger change is slow motion rather than
 * retiming.
 */
const MOST_SPEED_CHANGE = 0.06;

/**
 * The retiming that `fps=` needs for a source of this rate; undefined where nothing changes. Throws `usage` for a
 * change of speed above 6 %.
 */
export function retiming({ fps, pitch = 'restored' }: Partial<Settings>, rate: Rational): Retiming | undefined {
  if (fps === undefined) return undefined;
  const timeFactor = reduced({ num: rate.num * fps.den, den: rate.den * fps.num });
  if (timeFactor.num === timeFactor.den) return undefined;
  if (Math.abs(toNumber(timeFactor) - 1) <= MOST_SPEED_CHANGE) return { timeFactor, pitch };
  throw usage(
    `fps=${fps.num}/${fps.den} would play a picture of ${rate.num}/${rate.den} at ${(100 / toNumber(timeFactor)).toFixed(0)} % of its speed; changes of up to ${100 * MOST_SPEED_CHANGE} % are possible, such as 25 to 24`,
  );
}

/** Whether `fps=` is near the rate of a film's fields, so that each of them can become a picture. */
export const isRateOfFields = (fps: Rational, frameRate: Rational): boolean =>
  Math.abs((2 * toNumber(frameRate)) / toNumber(fps) - 1) <= MOST_SPEED_CHANGE;

/** The stream plans for a retimed picture: the times of every other stream change, too. */
export function retimedStreams(
  plans: readonly StreamPlan[],
  main: number,
  { timeFactor, pitch }: Retiming,
  container: Container,
): readonly StreamPlan[] {
  return plans.map((plan) =>
    plan.stream.index === main
      ? plan
      : { ...withoutTrack(plan), ...retimedPlan(plan, { timeFactor, pitch, container }) },
  );
}

/** A track that is copied as a whole keeps its times, so that it cannot be in a film of another speed. */
const withoutTrack = ({ track: _, ...plan }: StreamPlan): StreamPlan => plan;

type StreamRetiming = Retiming & { readonly container: Container };

function retimedPlan({ stream, sidecar, ...plan }: StreamPlan, context: StreamRetiming): Partial<StreamPlan> {
  const { timeFactor } = context;
  switch (stream.type) {
    case 'audio':
      return retimedAudio(stream, context);
    case 'subtitle':
      return retimedSubtitle(stream, timeFactor);
    case 'video':
      if (stream.video?.isAttachedPicture || stream.dispositions.includes('attached_pic')) return {};
      return {
        ...sidecarOnly(stream, 'mkv', 'matroska'),
        why: 'a further picture stream, with new times',
        timeFactor,
      };
    case 'attachment':
      return {};
    case 'data':
      if (plan.track)
        return {
          ...sidecarOnly(stream, 'bin', 'data'),
          why: 'its times belong to another speed: its packets without their times are in the sidecar',
        };
      if (sidecar === undefined && plan.codecArgs === undefined) {
        return { fate: 'dropped', why: 'a timecode counts frames of the old rate' };
      }
      return sidecar ? {} : { fate: 'dropped', why: 'its times cannot be changed', codecArgs: undefined };
    default:
      return stream.type satisfies never;
  }
}

function retimedAudio(
  stream: StreamPlan['stream'],
  { timeFactor, pitch, container }: StreamRetiming,
): Partial<StreamPlan> {
  const { audio } = stream;
  const channels = Math.max(1, Math.min(audio?.channels ?? 2, 8));
  const bits = losslessBits(stream);
  const isLossy = bits === undefined || !audio || container === 'webm';
  const lossless = isLossy ? undefined : container === 'mkv' ? 'flac' : losslessCodecFor(audio);
  const filter = soundFilter(timeFactor, pitch, audio?.sampleRate ?? 48_000);
  const lossy =
    container === 'webm' ? opusArgs(stream, [filter]) : ['aac', '-b', `${128_000 * channels}`, '-filter', filter];
  const rounded = lossless && bits !== undefined && bits > 24 ? ', rounded to 24 bits' : '';
  const speed = `${(100 / toNumber(timeFactor)).toFixed(2)} % of its speed`;
  const how = pitch === 'kept' ? 'its pitch kept' : 'its pitch with it, as a film shot at that rate had it';
  return {
    fate: 'converted',
    why: `played at ${speed}, ${how}${rounded}${lostObjects(stream)}`,
    isExact: false,
    codecArgs: lossless ? [lossless, '-filter', filter] : lossy,
    sidecar: undefined,
  };
}

/**
 * The audio filter for a retiming. Where the pitch changes with the speed, it is exact to the sample: the same samples
 * get another sample rate, and are then resampled.
 */
export function soundFilter(timeFactor: Rational, pitch: Retiming['pitch'], sampleRate: number): string {
  if (pitch === 'kept') {
    const late = toNumber(timeFactor) - 1;
    return `atempo=${(1 / toNumber(timeFactor)).toFixed(12)},asetpts=PTS+STARTPTS*${late.toFixed(12)}`;
  }
  const divisible = timeFactor.num * Math.max(1, Math.round(sampleRate / timeFactor.num));
  const played = (divisible / timeFactor.num) * timeFactor.den;
  const before = divisible === sampleRate ? [] : [`aresample=${divisible}`];
  return [...before, `asetrate=${played}`, `aresample=${sampleRate}`].join(',');
}

function retimedSubtitle(stream: StreamPlan['stream'], timeFactor: Rational): Partial<StreamPlan> {
  const [extension, format] = TEXT[stream.codec] ?? BITMAP[stream.codec] ?? ['mks', 'matroska'];
  return { ...sidecarOnly(stream, extension, format), why: 'it goes into the sidecar, with new times', timeFactor };
}

const SRT = ['srt', 'srt'] as const;
const TEXT: Readonly<Record<string, readonly [string, string]>> = {
  subrip: SRT,
  srt: SRT,
  text: SRT,
  mov_text: SRT,
  eia_608: SRT,
  webvtt: ['vtt', 'webvtt'],
  ass: ['ass', 'ass'],
  ssa: ['ass', 'ass'],
};
const BITMAP: Readonly<Record<string, readonly [string, string]>> = { hdmv_pgs_subtitle: ['sup', 'sup'] };

const sidecarOnly = (stream: StreamPlan['stream'], extension: string, format: string) => ({
  fate: 'kept' as const,
  codecArgs: undefined,
  sidecar: { name: sidecarName(stream, extension), format },
});

/**
 * Retimed chapters in ffmpeg's metadata format, in which each chapter states its time base. Only that changes, or, where
 * the new one would not fit into ffmpeg's 32 bits (Matroska counts nanoseconds), the times change.
 */
export const retimeChapters = (metadata: string, timeFactor: Rational): string =>
  metadata.replace(CHAPTER_TIMES, (chapter) => {
    const [num = '', den = '', start = '', end = ''] = chapter.match(/-?\d+/g) ?? [];
    const base = { num: Number(num), den: Number(den) };
    const { num: above, den: below } = times(base, timeFactor);
    if (Math.max(above, below) <= LARGEST_TERM) return `TIMEBASE=${above}/${below}\nSTART=${start}\nEND=${end}`;
    const moved = (ticks: string) => timesExactly(BigInt(ticks), timeFactor);
    return `TIMEBASE=${num}/${den}\nSTART=${moved(start)}\nEND=${moved(end)}`;
  });

/**
 * Chapters in ffmpeg's metadata format, each with a title, which may be empty: ffmpeg leaves a chapter without one out of an
 * MP4, and refers to a track that is not there if none has one.
 */
export const titledChapters = (metadata: string): string =>
  metadata.replace(CHAPTER, (chapter) => (/^title=/m.test(chapter) ? chapter : `${chapter.trimEnd()}\ntitle=\n`));

/** Chapters in ffmpeg's metadata format without those that have no title, not even an empty one. */
export const withoutUntitled = (metadata: string): string =>
  metadata.replace(CHAPTER, (chapter) => (/^title=/m.test(chapter) ? chapter : ''));

/** The first chapters in ffmpeg's metadata format. */
export function firstChapters(metadata: string, count: number): string {
  let seen = 0;
  return metadata.replace(CHAPTER, (chapter) => (seen++ < count ? chapter : ''));
}

// a line behind an odd number of backslashes belongs to the title before it
const CHAPTER = /(?<=(?:^|[^\\])(?:\\\\)*\n)\[CHAPTER\]\n(?:(?!\[).*\n?)*/g;
const CHAPTER_TIMES = /^TIMEBASE=(\d+)\/(\d+)\nSTART=(-?\d+)\nEND=(-?\d+)$/gm;
const LARGEST_TERM = 2 ** 31 - 1;

/** Multiplies and rounds a count of ticks that may be larger than what a number holds exactly. */
function timesExactly(ticks: bigint, { num, den }: Rational): bigint {
  const [twice, whole] = [2n * ticks * BigInt(num), BigInt(den)];
  return (twice + whole) / (2n * whole);
}
