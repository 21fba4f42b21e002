import { ServiceError } from '../errors.ts';
import { toNumber } from '../units.ts';
import type { Probe, Stream, VideoFacts } from './probe.ts';

/** High-speed cameras record a million pictures a second, but their files play at about 30; no film is shown faster than this. */
const FEWEST_SECONDS_A_FRAME = 1e-4;

const absurd = (what: string) =>
  new ServiceError('bad-input', `the source's clock is broken: ${what}; remux it with the right time scale`);

/** Throws `bad-input` where one picture would last longer than the whole film, which a wrong time scale causes. */
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

/** Throws `bad-input` where most pictures follow each other faster than any screen shows them. `times` are ascending, in ticks. */
export function refuseShortFrames(times: Float64Array, tickSeconds: number): void {
  let [short, together] = [0, 0];
  for (let i = 1; i < times.length; i++) {
    const gap = ((times[i] ?? 0) - (times[i - 1] ?? 0)) * tickSeconds;
    if (gap >= FEWEST_SECONDS_A_FRAME) continue;
    short++;
    together += gap;
  }
  if (2 * short <= times.length - 1) return;
  const mean = together / short;
  throw absurd(`its pictures are ${(mean * 1e6).toPrecision(3)} us apart`);
}
