import type { SampleSteps } from '../../core/film/sample-steps.ts';
import type { ByteSource } from './byte-source.ts';
import { childrenOf, type Mp4Box, payloadOf } from './mp4-boxes.ts';

const LARGEST_RUN = 1 << 22;

/** The duration and flags of samples whose fragment does not state them (trex, ISO/IEC 14496-12 8.8.3). */
export type FragmentDefaults = { readonly duration: number; readonly flags: number };

/** The samples of one fragment of one track. Times are ticks of the track. */
type FragmentRun = {
  /** When its first sample is decoded. */
  readonly begin: number;
  /** The sum of the samples' durations. */
  readonly ticks: number;
  /** When the first sample is shown, and when the last one ends. */
  readonly from: number;
  readonly to: number;
  readonly samples: number;
  /** Whether its first sample is a keyframe. */
  readonly keyframe: boolean;
};

/**
 * Reads `tfdt` and `trun` of a `traf` whose `tfhd` was read (ISO/IEC 14496-12 8.8.7, 8.8.8, 8.8.12). Returns undefined where one of them is
 * shorter than it says, or a run is longer than any real one. `steps` gets how long each sample lasts.
 */
export async function readFragment(
  source: ByteSource,
  traf: Mp4Box,
  tfhd: Buffer,
  { defaults: ofTrack, steps }: { readonly defaults: FragmentDefaults; readonly steps?: Pick<SampleSteps, 'add'> },
): Promise<FragmentRun | undefined> {
  const defaults = fragmentDefaults(tfhd, ofTrack);
  if (!defaults) return undefined;
  let begin: number | undefined = 0;
  let [ticks, samples] = [0, 0];
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let keyframe: boolean | undefined;
  for await (const box of childrenOf(source, traf)) {
    if (box.type === 'tfdt') begin = readTime(await payloadOf(source, box, LARGEST_RUN));
    if (begin === undefined) return undefined;
    if (box.type !== 'trun') continue;
    const run = readRun(await payloadOf(source, box, LARGEST_RUN), defaults, steps);
    if (!run) return undefined;
    from = Math.min(from, begin + ticks + run.from);
    to = Math.max(to, begin + ticks + run.to);
    ticks += run.ticks;
    samples += run.samples;
    keyframe ??= run.keyframe;
  }
  return { begin, ticks, from, to, samples, keyframe: keyframe ?? false };
}

function readTime(tfdt: Buffer): number | undefined {
  const isWide = tfdt[0] === 1;
  if (tfdt.length < (isWide ? 12 : 8)) return undefined;
  return isWide ? Number(tfdt.readBigUInt64BE(4)) : tfdt.readUInt32BE(4);
}

/** How many of these fields are present, by their bits. */
const fieldsOf = (present: number, bits: readonly number[]) => bits.filter((bit) => present & bit).length;

function fragmentDefaults(tfhd: Buffer, track: FragmentDefaults): FragmentDefaults | undefined {
  if (tfhd.length < 8) return undefined;
  const present = tfhd.readUInt32BE(0) & 0xff_ffff;
  let at = 8 + (present & 0x1 ? 8 : 0) + (present & 0x2 ? 4 : 0);
  if (tfhd.length < at + 4 * fieldsOf(present, [0x8, 0x10, 0x20])) return undefined;
  const next = (bit: number, otherwise: number) => {
    if (!(present & bit)) return otherwise;
    const value = tfhd.readUInt32BE(at);
    at += 4;
    return value;
  };
  const duration = next(0x8, track.duration);
  next(0x10, 0); // skips the default size
  return { duration, flags: next(0x20, track.flags) };
}

/** A run whose samples are all alike states no more than their count, which then takes no bytes. */
const MOST_SAMPLES = 1 << 20;

/** The flag `sample_is_non_sync_sample`, which marks a sample that is no keyframe. */
const NOT_SYNC = 0x1_0000;

function readRun(trun: Buffer, { duration, flags }: FragmentDefaults, steps: Pick<SampleSteps, 'add'> | undefined) {
  if (trun.length < 8) return undefined;
  const isSigned = trun.readUInt8(0) > 0;
  const present = trun.readUInt32BE(0) & 0xff_ffff;
  const samples = trun.readUInt32BE(4);
  const fields = fieldsOf(present, [0x1, 0x4]) + samples * fieldsOf(present, [0x100, 0x200, 0x400, 0x800]);
  if (samples > MOST_SAMPLES || trun.length < 8 + 4 * fields) return undefined;
  let at = 8 + (present & 0x1 ? 4 : 0);
  let first = present & 0x4 ? trun.readUInt32BE(at) : undefined;
  at += present & 0x4 ? 4 : 0;
  let [ticks, from, to] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < samples; i++) {
    const lasts = present & 0x100 ? trun.readUInt32BE(at) : duration;
    at += (present & 0x100 ? 4 : 0) + (present & 0x200 ? 4 : 0);
    if (i === 0) first ??= present & 0x400 ? trun.readUInt32BE(at) : flags;
    at += present & 0x400 ? 4 : 0;
    const later = present & 0x800 ? (isSigned ? trun.readInt32BE(at) : trun.readUInt32BE(at)) : 0;
    at += present & 0x800 ? 4 : 0;
    from = Math.min(from, ticks + later);
    to = Math.max(to, ticks + later + lasts);
    steps?.add(lasts);
    ticks += lasts;
  }
  return { samples, ticks, from, to, keyframe: ((first ?? flags) & NOT_SYNC) === 0 };
}
