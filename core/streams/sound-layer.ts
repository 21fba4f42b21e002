/** Gaps and overlaps from this length on are those of the sound; shorter ones are the wavering of its times. */
const STEADY_SECONDS = 0.03;
/** Where another stream begins, its own time counts. */
const AT_CHANGE_SECONDS = 0.0005;
/** The time of a packet and that of its first sample differ by less than this. */
const ROUNDED_SECONDS = 0.001;

/** Where a block of samples is laid, in samples from the sound's beginning, and how many of its first samples are left out. */
type LaidBlock = { readonly at: number; readonly skip: number };

/**
 * Lays blocks of samples one behind the other by their times, so that they can be counted: a gap is left where there are no samples, and
 * samples for which the times leave no room are left out. `changesAt` has the seconds at which other streams begin.
 */
export function soundLayer(sampleRate: number, changesAt: readonly number[]) {
  const begin = new Set(changesAt.map(roundedTime));
  let origin: number | undefined;
  let [due, blocks, leftOut] = [0, 0, 0];
  let isLeftOut = false;
  const lay = (samples: number, late: number): LaidBlock => {
    const skip = Math.min(samples, Math.max(0, -late));
    const at = due + Math.max(0, late);
    due = at + samples - skip;
    isLeftOut = skip === samples;
    return { at, skip };
  };
  return {
    /** Adds a block by the time of its first sample, in seconds, and the count of its samples in each channel. */
    add(seconds: number, samples: number): LaidBlock {
      origin ??= seconds;
      const late = Math.round((seconds - origin) * sampleRate) - due;
      const time = roundedTime(seconds);
      const begins = [time - 1, time, time + 1].some((each) => begin.has(each));
      // a decoder may count the first block of a new rate by the rate before, so that it is too long (mpegaudiodec of ffmpeg 5.1)
      const isBehindLongOne = begin.size > 0 && blocks++ === 1 && late < 0;
      // after its first block a kind is placed by its samples: the decoder may count times by the old rate until the file states one
      if (begins && Math.abs(late) > AT_CHANGE_SECONDS * sampleRate) leftOut = Math.max(0, -late);
      else if (leftOut === 0) {
        const most = isLeftOut || isBehindLongOne ? AT_CHANGE_SECONDS : STEADY_SECONDS;
        return lay(samples, Math.abs(late) > most * sampleRate ? late : 0);
      }
      const laid = lay(samples, leftOut > 0 ? -leftOut : late);
      leftOut -= laid.skip;
      isLeftOut = false;
      return laid;
    },
  };
}

const roundedTime = (seconds: number) => Math.round(seconds / ROUNDED_SECONDS);
