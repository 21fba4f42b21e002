/** What a frame of MPEG audio says of itself in its first bytes. */
type MpegAudioHeader = {
  /** Undefined where it is none of the three. */
  readonly layer: 1 | 2 | 3 | undefined;
  readonly sampleRate: number;
  /** Whether its bit rate is one of the table, or left open. */
  readonly hasBitRate: boolean;
  readonly isMono: boolean;
  /** The two bits of the emphasis: 1 is 50/15 µs, and 3 is CCITT J.17. */
  readonly emphasis: number;
};

const MPEG_RATES = [44_100, 48_000, 32_000] as const;
/** How many times lower the rates are, by the version: MPEG-2.5, none, MPEG-2 and MPEG-1. */
const RATE_DIVISORS = [4, undefined, 2, 1] as const;

/** Reads the header of MPEG audio (ISO/IEC 11172-3 2.4.1.3); undefined where the bytes are none, or of a version or rate that there is not. */
export function mpegAudioHeader([first = 0, second = 0, third = 0, fourth = 0]: Iterable<number>):
  | MpegAudioHeader
  | undefined {
  const divisor = RATE_DIVISORS[(second >> 3) & 3];
  const rate = MPEG_RATES[(third >> 2) & 3];
  if (first !== 0xff || (second & 0xe0) !== 0xe0 || divisor === undefined || rate === undefined) return undefined;
  return {
    layer: ([undefined, 3, 2, 1] as const)[(second >> 1) & 3],
    sampleRate: rate / divisor,
    hasBitRate: third >> 4 !== 15,
    isMono: fourth >> 6 === 3,
    emphasis: fourth & 3,
  };
}

/** What a frame of AAC says of itself in its first bytes. */
type AdtsHeader = {
  /** Undefined where it is none of the table. */
  readonly sampleRate: number | undefined;
  /** The number of the arrangement of channels; 0 where the frame says it further on. */
  readonly configuration: number;
};

/** The sample rates of AAC by their numbers (ISO/IEC 14496-3 table 1.18). */
export const AAC_RATES: readonly number[] = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350,
];

/** The arrangements of AAC by their numbers (ISO/IEC 14496-3 table 1.19), with ffmpeg's names. */
const AAC_LAYOUTS = [undefined, 'mono', 'stereo', '3.0', '4.0', '5.0', '5.1', '7.1'] as const;
const AAC_CHANNELS = [0, 1, 2, 3, 4, 5, 6, 8] as const;

/** Returns the channels of AAC by the number of their arrangement; undefined where the number does not tell them. */
export function aacChannels(configuration: number): { readonly channels: number; readonly layout: string } | undefined {
  const [channels, layout] = [AAC_CHANNELS[configuration], AAC_LAYOUTS[configuration]];
  return channels === undefined || layout === undefined ? undefined : { channels, layout };
}

/** Reads the header of AAC in ADTS (ISO/IEC 13818-7 6.2); undefined where the bytes are none. */
export function adtsHeader([first = 0, second = 0, third = 0, fourth = 0]: Iterable<number>): AdtsHeader | undefined {
  if (first !== 0xff || (second & 0xf6) !== 0xf0) return undefined;
  return { sampleRate: AAC_RATES[(third >> 2) & 15], configuration: ((third & 1) << 2) | (fourth >> 6) };
}
