import type { Probe, Stream } from '../film/probe.ts';
import type { Container } from '../settings/delivery.ts';
import { type Rational, toNumber } from '../units.ts';
import type { StreamPlan } from './stream-plan.ts';

/** The timecode of the first picture: its own tag's, or that of the first stream that has one. */
export const timecodeIn = ({ tags }: Stream, { streams }: Probe): string | undefined =>
  tags.timecode ?? streams.find((stream) => stream.tags.timecode)?.tags.timecode;

/**
 * Whether a container can say it of a film of so many frames. MP4 and MOV count whole frames below a whole rate of at most
 * 255, drop them only at multiples of 29.97, and ffmpeg knows no rate of a single frame; in Matroska it is a text.
 */
export function canSay(
  timecode: string,
  { container, rate, frames }: { readonly container: Container; readonly rate: Rational; readonly frames: number },
): boolean {
  if (container === 'mkv') return true;
  const [, hours, mark, frame] = /^(\d\d):[0-5]\d:[0-5]\d([:;.])(\d+)$/.exec(timecode) ?? [];
  if (frames < 2) return false;
  const whole = Math.round(toNumber(rate));
  const mayDrop = whole % 30 === 0 && rate.den % 1001 === 0;
  return Number(hours) < 24 && whole <= 255 && Number(frame) < whole && (mark === ':' || mayDrop);
}

/** Plans for a timecode track that is not written: it is told. */
export const withoutTimecode = (plans: readonly StreamPlan[], timecode: string | undefined): readonly StreamPlan[] =>
  plans.map((plan) => {
    const isWritten = plan.stream.type === 'data' && plan.fate === 'kept' && !plan.sidecar && !plan.codecArgs;
    const why = timecode === undefined ? 'its timecode cannot be read' : `the container cannot say ${timecode}`;
    return isWritten ? { ...plan, fate: 'dropped', why } : plan;
  });
