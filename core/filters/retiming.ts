import { usage } from '../errors.ts';
import type { Container } from '../settings/delivery.ts';
import type { Settings } from '../settings/settings.ts';
import { losslessCodecFor, losslessBits, lostObjects } from '../streams/lossless-sound.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';
import { type Rational, reduced, times, toNumber } from '../units.ts';

/** A film shown slower or faster than it was: every time is multiplied by `slower`, 25/24 for 25 frames a second at 24. */
export type Retiming = { readonly slower: Rational; readonly pitch: NonNullable<Settings['pitch']> };

/** PAL's 4 %, NTSC's 0.1 % and both together; what is farther off is slow motion, and no retiming. */
const MOST = 0.06;

/** What `fps=` asks of a picture of some rate; undefined where nothing changes. Throws `usage` for another speed altogether. */
export function retiming({ fps, pitch = 'restored' }: Partial<Settings>, rate: Rational): Retiming | undefined {
  if (fps === undefined) return undefined;
  const slower = reduced({ num: rate.num * fps.den, den: rate.den * fps.num });
  if (slower.num === slower.den) return undefined;
  if (Math.abs(toNumber(slower) - 1) <= MOST) return { slower, pitch };
  throw usage(
    `fps=${fps.num}/${fps.den} would play a picture of ${rate.num}/${rate.den} at ${(100 / toNumber(slower)).toFixed(0)} % of its speed; within ${100 * MOST} % it can be retimed, as 25 to 24`,
  );
}

/** What becomes of the streams beside a retimed picture: none keeps its times. */
export function retimedStreams(
  plans: readonly StreamPlan[],
  main: number,
  { slower, pitch }: Retiming,
  container: Container,
): readonly StreamPlan[] {
  return plans.map((plan) =>
    plan.stream.index === main ? plan : { ...plan, ...decision(plan, { slower, pitch, container }) },
  );
}

type Context = Retiming & { readonly container: Container };

function decision({ stream, sidecar, ...plan }: StreamPlan, context: Context): Partial<StreamPlan> {
  const { slower } = context;
  switch (stream.type) {
    case 'audio':
      return sound(stream, context);
    case 'subtitle':
      return subtitle(stream, slower);
    case 'video':
      if (stream.video?.isAttachedPicture) return {};
      return { ...aside(stream.index, 'mkv', 'matroska'), why: 'a further picture stream, its times moved', slower };
    case 'attachment':
      return {};
    case 'data':
      if (sidecar === undefined && plan.codecArgs === undefined) {
        return { fate: 'dropped', why: 'a timecode counts frames of the old rate' };
      }
      return sidecar ? {} : { fate: 'dropped', why: 'its times cannot be moved', codecArgs: undefined };
    default:
      return stream.type satisfies never;
  }
}

function sound(stream: StreamPlan['stream'], { slower, pitch, container }: Context): Partial<StreamPlan> {
  const { audio } = stream;
  const channels = Math.max(1, Math.min(audio?.channels ?? 2, 8));
  const bits = losslessBits(stream);
  const lossless = bits === undefined || !audio ? undefined : container === 'mkv' ? 'flac' : losslessCodecFor(audio);
  const encoder = lossless ? [lossless] : ['aac', '-b', `${128_000 * channels}`];
  const rounded = lossless && bits !== undefined && bits > 24 ? ', rounded to 24 bits' : '';
  const speed = `${(100 / toNumber(slower)).toFixed(2)} % of its speed`;
  const how = pitch === 'kept' ? 'its pitch kept' : 'its pitch with it, as a film shot at that rate had it';
  return {
    fate: 'converted',
    why: `played at ${speed}, ${how}${rounded}${lostObjects(stream)}`,
    isExact: false,
    codecArgs: [...encoder, '-filter', soundFilter(slower, pitch, audio?.sampleRate ?? 48_000)],
    sidecar: undefined,
  };
}

/** Exact to the sample where the pitch goes with the speed: the same samples, said to be fewer a second. */
export function soundFilter(slower: Rational, pitch: Retiming['pitch'], sampleRate: number): string {
  if (pitch === 'kept') {
    const late = toNumber(slower) - 1;
    return `atempo=${(1 / toNumber(slower)).toFixed(12)},asetpts=PTS+STARTPTS*${late.toFixed(12)}`;
  }
  const divisible = slower.num * Math.max(1, Math.round(sampleRate / slower.num));
  const played = (divisible / slower.num) * slower.den;
  const before = divisible === sampleRate ? [] : [`aresample=${divisible}`];
  return [...before, `asetrate=${played}`, `aresample=${sampleRate}`].join(',');
}

function subtitle({ index, codec }: StreamPlan['stream'], slower: Rational): Partial<StreamPlan> {
  const [extension, format] = TEXT[codec] ?? BITMAP[codec] ?? ['mks', 'matroska'];
  return { ...aside(index, extension, format), why: 'its times are moved: in the sidecar', slower };
}

const SRT = ['srt', 'srt'] as const;
const TEXT: Readonly<Record<string, readonly [string, string]>> = {
  ...{ subrip: SRT, srt: SRT, text: SRT, mov_text: SRT },
  ...{ webvtt: ['vtt', 'webvtt'], ass: ['ass', 'ass'], ssa: ['ass', 'ass'] },
};
const BITMAP: Readonly<Record<string, readonly [string, string]>> = { hdmv_pgs_subtitle: ['sup', 'sup'] };

const aside = (index: number, extension: string, format: string) => ({
  fate: 'kept' as const,
  codecArgs: undefined,
  sidecar: { name: `stream-${index}.${extension}`, format },
});

/** Chapters in ffmpeg's metadata format: each says what its times are counted in, and that is what changes. */
export const retimeChapters = (metadata: string, slower: Rational): string =>
  metadata.replace(/^TIMEBASE=(\d+)\/(\d+)$/gm, (_, num, den) => {
    const { num: above, den: below } = times({ num: Number(num), den: Number(den) }, slower);
    return `TIMEBASE=${above}/${below}`;
  });
