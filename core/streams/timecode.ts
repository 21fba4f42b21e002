import type { Probe, Stream } from '../film/probe.ts';
import type { Container } from '../settings/delivery.ts';
import { type Rational, toNumber } from '../units.ts';
import type { StreamPlan } from './stream-plan.ts';

/** Returns the timecode of the first picture by the stream's own tag, else by the first stream with such a tag. */
export const timecodeIn = ({ tags }: Stream, { streams }: Probe): string | undefined =>
  tags.timecode ?? streams.find((stream) => stream.tags.timecode)?.tags.timecode;

/**
 * Whether the container can hold the timecode. MP4 and MOV count frames at a rounded rate of at most 255, with drop-frame
 * only at multiples of 29.97, and ffmpeg knows no rate for a single frame. Matroska stores the timecode as text.
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

/** Returns the plans with the timecode track dropped, because it cannot be written or read. */
export const withoutTimecode = (plans: readonly StreamPlan[], timecode: string | undefined): readonly StreamPlan[] =>
  plans.map((plan) => {
    const isWritten =
      plan.stream.type === 'data' && plan.fate === 'kept' && !plan.sidecar && !plan.codecArgs && !plan.track;
    const why = timecode === undefined ? 'its timecode cannot be read' : `the container cannot hold ${timecode}`;
    return isWritten ? { ...plan, fate: 'dropped', why } : plan;
  });

/** The timecode of a film with two pictures of each frame, which counts twice as many in a second. */
export const timecodeOfFields = (timecode: string): string =>
  timecode.replace(/\d+$/, (frame) => `${2 * Number(frame)}`.padStart(2, '0'));
