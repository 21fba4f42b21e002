import type { VideoFacts } from '../../media/probe.ts';
import type { Container, RenditionSpec } from '../../recipes/recipe.ts';
import type { Preset, Settings } from '../../recipes/settings.ts';
import type { ColourPlan } from '../colour.ts';
import type { EncodeCommon } from '../encode-spec.ts';
import type { PixelFormatChoice } from '../pixel-format.ts';

/** What a graphics card's encoder is told: a quality, and a keyframe every so many frames (undefined: 240). */
export type HardwareSettings = { readonly quality: { readonly crf: number }; readonly keyframeEvery?: number };

/** What each encoder is told besides what all are: part of the pieces' keys. */
export type CodecSettings = {
  readonly x265: {
    readonly quality: { readonly crf: number } | 'lossless';
    readonly preset: Preset;
    /** A keyframe every so many frames, no other; undefined lets x265 place them. */
    readonly keyframeEvery?: number;
    /** Grain is kept rather than smoothed away, and bits are spent on dark and flat parts. */
    readonly film?: true;
  };
  readonly 'x265-intra': { readonly quality: { readonly crf: number }; readonly preset: Preset };
  readonly x264: {
    readonly quality: { readonly crf: number };
    readonly preset: Preset;
    readonly keyframeEvery: number;
  };
  readonly prores: { readonly profile: 'proxy' | 'lt' | '422' | 'hq' };
  readonly hap: { readonly format: 'hap' | 'hap_q' | 'hap_alpha'; readonly chunks: number };
  readonly dxv: { readonly format: 'dxt1' };
  readonly 'hevc-nvenc': HardwareSettings;
  readonly 'hevc-nvenc-intra': HardwareSettings;
  readonly 'hevc-qsv': HardwareSettings;
  readonly 'hevc-videotoolbox': HardwareSettings;
  readonly 'h264-nvenc': HardwareSettings;
  readonly 'h264-qsv': HardwareSettings;
  readonly 'h264-videotoolbox': HardwareSettings;
};

export type CodecName = keyof CodecSettings;

/** A spec of one codec, or of any: everything all have, and the codec's own. */
export type SpecOf<Name extends CodecName> = {
  [K in Name]: { readonly codec: K } & CodecSettings[K] & EncodeCommon;
}[Name];

/** What a codec's arm may ask of the rendition it is to make. */
export type CodecInput = {
  readonly rendition: RenditionSpec;
  readonly settings: Partial<Settings>;
  readonly video: VideoFacts;
  readonly framesPerSecond: number;
};

/** All facts of one codec, in one place: a new one is one file and one line in the table. */
export type Codec<Name extends CodecName> = {
  /** ffmpeg's name of the encoder; the ffmpeg that has it is taken. */
  readonly encoder: string;
  /** Where that encoder comes from, for those who lack it. */
  readonly comesWith: string;
  /** For people: "re-encoded as HEVC". */
  readonly title: string;
  /** ffprobe's name of what comes out. */
  readonly decodesAs: string;
  readonly containers: readonly Container[];
  /** Every picture is a keyframe. */
  readonly intraOnly: boolean;
  /** The sides are padded up to multiples of this; undefined: to what the chroma needs. */
  readonly block: number | undefined;
  /** Four characters of the sample entry in MP4 and MOV. */
  tag(spec: SpecOf<Name>): string;
  /** What RFC 6381 calls it: a rendition that says otherwise is not published. */
  codecString(spec: SpecOf<Name>): RegExp;
  /** The encoder's own settings for a rendition. */
  settings(input: CodecInput): CodecSettings[Name];
  pixelFormat(source: VideoFacts, settings: CodecSettings[Name]): PixelFormatChoice;
  /** What the encoder calls the planes it is given. */
  encoderFormat(spec: SpecOf<Name>): string;
  /** What its decoder gives back, where that is called otherwise than what the encoder got. */
  decodedFormat(spec: SpecOf<Name>): string;
  colour(source: VideoFacts): ColourPlan;
  /** HDR's mastering display and light levels are carried. */
  readonly carriesHdr: boolean;
  /** `-c:v` and what follows it. */
  arguments(spec: SpecOf<Name>): readonly string[];
  /** Million pixels a second and vCPU, measured: docs/benchmarks.md, "speed by codec". */
  speed(spec: SpecOf<Name>): number;
  /** Bits a pixel at most likely: sizes are predicted by it. */
  bitsPerPixel(spec: SpecOf<Name>): number;
};
