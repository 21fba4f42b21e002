import type { Preset } from './presets.ts';

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
