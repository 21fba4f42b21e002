import { ServiceError } from '../../core/errors.ts';
import { type FrameTimes, presentationTimes } from '../../core/film/frame-index.ts';
import type { Probe, Stream } from '../../core/film/probe.ts';
import {
  emptyStretches,
  framesWithoutPacket,
  isTooMuchMissing,
  type MissingFrames,
  missingInLength,
  missingText,
  type Promised,
  promisesFrames,
  type ShownSeconds,
  undecodableFrames,
  unshownPackets,
} from '../../core/film/promised.ts';
import type { Survey } from '../../core/ports/film-reader.ts';
import type { Settings } from '../../core/settings/settings.ts';
import { toNumber } from '../../core/units.ts';

/** The facts about a source's picture from its index and its packets, before anything is decoded. */
export type PictureKnown = {
  readonly promised: Promised;
  readonly survey: Pick<Survey, 'index' | 'picture' | 'timesAreSound' | 'jumps'>;
};

type About = { readonly probe: Probe; readonly main: Stream; readonly settings: Partial<Settings> };

/**
 * Returns warnings about missing frames, judged by the packets or, with `decoded`, by the decoded frames. Throws
 * `bad-input` if more than a few of the frames that an index promises are missing and damage is not accepted.
 */
export function judgeDamage(
  { promised, survey }: PictureKnown,
  { probe, main, settings }: About,
  decoded?: FrameTimes,
): readonly string[] {
  const packets = secondsOf(survey.index);
  const shown = decoded && secondsOf(decoded);
  if (!promisesFrames(probe.format, probe.durationSeconds)) {
    if (!shown) return [];
    const fromFirst = probe.streams.length === 1;
    const frames = unshownPackets({ ...survey, packets, shown, codec: main.codec, fromFirst });
    const lost = { frames, of: packets.length };
    const { format, durationSeconds } = probe;
    const hasErrors = survey.picture?.hasErrors === true;
    const inLength = missingInLength(shown, { format, durationSeconds, hasErrors, undecoded: frames });
    if (inLength) return told(inLength, settings);
    return [...(isTooMuchMissing(lost) ? told(lost, settings) : []), ...emptyText(shown)];
  }
  // pictures of MXF follow each other evenly, and its header says how long they last together
  const seconds = probe.format === 'mxf' ? main.durationSeconds : promised.seconds;
  const all = { ...promised, ...(seconds !== undefined && { seconds }) };
  const absent = survey.picture ? framesWithoutPacket(all, survey.picture) : 0;
  const undecoded = shown ? undecodedOf(packets, shown, { survey, main }) : 0;
  const missing: MissingFrames = { frames: absent + undecoded, of: packets.length + absent };
  if (missing.frames < (probe.format === 'avi' ? LEAST_IN_AVI : 1)) return [];
  return told(missing, settings);
}

/** Returns the warning about missing frames, and throws where they are too many and damage is not accepted. */
function told(missing: MissingFrames, settings: Partial<Settings>): readonly string[] {
  if (!isTooMuchMissing(missing) || settings.damaged === 'accept') return [missingText(missing)];
  throw new ServiceError(
    'bad-input',
    `${missingText(missing)}; up to 5 % is published with a warning, more with damaged=accept`,
    { missing },
  );
}

/** Even whole AVIs differ from their index by a frame, where B-frames are packed or the first frame is shown twice. */
const LEAST_IN_AVI = 2;

function undecodedOf(
  packets: ShownSeconds,
  shown: ShownSeconds,
  { survey, main }: { readonly survey: PictureKnown['survey']; readonly main: Stream },
): number {
  // without times only the counts can be compared
  return survey.timesAreSound
    ? undecodableFrames(packets, shown, main.codec)
    : Math.max(0, packets.length - shown.length);
}

function secondsOf(index: FrameTimes): ShownSeconds {
  const times = presentationTimes(index);
  const tick = toNumber(index.timeBase);
  return { length: times.length, at: (frame) => (times[frame] ?? Number.NaN) * tick };
}

function emptyText(shown: ShownSeconds): readonly string[] {
  const { seconds, frames } = emptyStretches(shown);
  if (frames === 0) return [];
  const share = ((100 * frames) / (frames + shown.length)).toFixed(0);
  return [
    `nothing is shown for ${seconds.toFixed(2)} s within it, ${share} % of its frames if none lasts so long: its container does not say how many there are, so that is all that can be told`,
  ];
}
