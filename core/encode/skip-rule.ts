import type { EncodeSpec } from '../codecs/encode-spec.ts';
import type { PictureStream } from '../film/probe.ts';
import type { Settings } from '../settings/settings.ts';

type Skipping = {
  readonly settings: Partial<Settings>;
  readonly spec: EncodeSpec;
  readonly main: PictureStream;
  readonly bytes: number;
  readonly frames: number;
};

/** Codecs after which an encode in HEVC gains little, by ffprobe's names. */
const EFFICIENT: Readonly<Record<string, string>> = { hevc: 'HEVC', av1: 'AV1', vvc: 'VVC' };

/**
 * Returns why a source is kept as it is by the rule that `skipBelow` sets; undefined if it is not. All bytes of the file count
 * as its picture's. A picture that is to be scaled is never kept.
 */
export function whySkipped({ settings, spec, main, bytes, frames }: Skipping): string | undefined {
  const { skipBelow } = settings;
  const codec = EFFICIENT[main.codec];
  const { width, height } = main.video;
  if (skipBelow === undefined || codec === undefined || frames === 0) return undefined;
  if (spec.size.width < width || spec.size.height < height) return undefined;
  const bitsPerPixel = (8 * bytes) / (width * height * frames);
  if (bitsPerPixel >= skipBelow) return undefined;
  return `the source is ${codec} already, with ${bitsPerPixel.toFixed(4)} bits a pixel, and skipBelow=${skipBelow} keeps it: these are its own bytes`;
}
