/** What the index of a file says of its picture, where it has one that names frames, or says how long they last. */
export type Promised = {
  /** Frames that hold any data. */
  readonly frames?: number;
  /** How long all fragments of the picture last together. */
  readonly seconds?: number;
};

/** What is there of the picture, by its packets. */
export type PicturePackets = {
  readonly packets: number;
  /** How long they last together, where they say. */
  readonly coveredSeconds: number;
  /** How long stretches of the file last of which nothing can be read. */
  readonly unreadableSeconds: number;
};

/** How many frames the file is without, of how many. */
export type Missing = { readonly frames: number; readonly of: number };

/** Above this share a film is not taken for whole. */
export const MOST_MISSING = 0.05;

/** Containers that promise frames: what they do not hold is missing. Of the rest only what is seen can be told. */
export const promisesFrames = (format: string, durationSeconds: number | undefined): boolean =>
  /^(mov|avi)/.test(format) || (format.startsWith('matroska') && durationSeconds !== undefined);

/** Half a frame more or less is how times are rounded. */
const ROUNDED_SECONDS = 0.1;

/** Frames of which not even a packet is there. */
export function withoutPacket(
  { frames, seconds }: Promised,
  { packets, coveredSeconds, unreadableSeconds }: PicturePackets,
): number {
  const perSecond = coveredSeconds > 0 ? packets / coveredSeconds : 0;
  const uncovered = seconds === undefined ? 0 : seconds - coveredSeconds;
  return Math.max(
    0,
    frames === undefined ? 0 : frames - packets,
    Math.floor(perSecond * (uncovered > ROUNDED_SECONDS ? uncovered : 0)),
    Math.round(perSecond * unreadableSeconds),
  );
}

/** Codecs that have packets of half a picture, a field, or of pictures that are never shown. */
const HALVES = /^(h264|hevc|mpeg2video|vc1|vp8)$/;

/** Times that one file says in two ways differ by less. */
const SAME_SECONDS = 0.0005;

/**
 * Packets that decode to nothing: those between two pictures that are shown, by their times in seconds, ascending. One
 * alone between two may be the second field of the first, or never to be shown, where a codec has such.
 */
export function undecodable(packets: Seconds, shown: Seconds, codec: string): number {
  if (packets.length <= shown.length) return 0;
  const runs: number[] = [];
  let next = 0;
  for (let i = 0; i < shown.length; i++) {
    const before = next;
    while (next < packets.length && packets.at(next) < shown.at(i) - SAME_SECONDS) next++;
    runs.push(next - before);
    next++;
  }
  const [first = 0, ...between] = runs;
  const singles = between.filter((run) => run === 1).length;
  const areHalves = HALVES.test(codec) && singles > between.length / 50;
  const lost = (run: number) => (areHalves ? Math.floor(run / 2) : run);
  const behind = Math.max(0, packets.length - next);
  const missing = [...between, behind].reduce((sum, run) => sum + lost(run), first);
  return Math.min(packets.length - shown.length, missing);
}

/** Times of frames, ascending; of a day of film an array of them would be a copy too many. */
export type Seconds = { readonly length: number; at(frame: number): number };

/** "46 %", and a digit more where it is little. */
const shareText = ({ frames, of }: Missing) => {
  const percent = (100 * frames) / of;
  return `${percent >= 1 ? percent.toFixed(0) : percent.toPrecision(1)} %`;
};

/** The sentence for people and the manifest. */
export const missingText = (missing: Missing): string =>
  `${shareText(missing)} of its frames are missing: ${missing.frames} of ${missing.of} are not there or do not decode`;

export const isTooMuch = ({ frames, of }: Missing): boolean => frames > of * MOST_MISSING;

const EMPTY_FRAMES = 5;
const EMPTY_SECONDS = 0.3;

/** How long nothing is shown, of stretches far longer than frames usually last: all that tells of streams that promise nothing. */
export function emptyStretches(shown: Seconds): { readonly seconds: number; readonly frames: number } {
  const gaps = Float64Array.from({ length: Math.max(0, shown.length - 1) }, (_, i) => shown.at(i + 1) - shown.at(i));
  const usual = gaps.slice().sort()[gaps.length >> 1] ?? 0;
  const isEmpty = (gap: number) => usual > 0 && gap > EMPTY_FRAMES * usual && gap > EMPTY_SECONDS;
  const seconds = gaps.reduce((sum, gap) => (isEmpty(gap) ? sum + gap - usual : sum), 0);
  return { seconds, frames: usual > 0 ? Math.round(seconds / usual) : 0 };
}
