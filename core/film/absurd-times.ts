import { ServiceError } from '../errors.ts';
import { toNumber } from '../units.ts';
import type { Probe, Stream, VideoFacts } from './probe.ts';

/** Cameras of a million pictures a second play them at 30 or so; what is shown faster than this was never meant to be. */
const FEWEST_SECONDS_A_FRAME = 1e-4;

const absurd = (what: string) =>
  new ServiceError('bad-input', `the source's clock is broken: ${what}; remux it with the right time scale`);

/** Refuses a picture that would last longer than the film, as a wrong time scale has it. */
export function refuseLongFrames(
  { video, durationSeconds }: Stream & { readonly video: VideoFacts },
  probe: Probe,
): void {
  const rate = video.averageFrameRate;
  const film = Math.max(durationSeconds ?? 0, probe.durationSeconds ?? 0);
  if (!rate || rate.num <= 0 || film <= 0) return;
  const frame = 1 / toNumber(rate);
  if (frame > Math.max(1, 2 * film))
    throw absurd(`a picture lasts ${frame.toFixed(0)} s in a film of ${film.toFixed(1)} s`);
}

/** Refuses pictures that follow each other faster than anything shows them. Times are ascending, in ticks. */
export function refuseShortFrames(times: Float64Array, tickSeconds: number): void {
  if (times.length < 2) return;
  const frame = (((times.at(-1) ?? 0) - (times[0] ?? 0)) * tickSeconds) / (times.length - 1);
  if (frame < FEWEST_SECONDS_A_FRAME) throw absurd(`its pictures are ${(frame * 1e6).toPrecision(3)} us apart`);
}
