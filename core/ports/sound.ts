import type { Access } from '../film/probe.ts';
import type { SoundLevels } from '../quality/sound-levels.ts';

/** One sound of a file, to be decoded from its beginning to its end. */
export type SoundTask = {
  readonly path: string;
  readonly access: Access;
  readonly stream: number;
  /** What is hashed of each channel: all samples, or those that are not silent. */
  readonly hash: 'none' | 'all' | 'sounding';
};

export type SoundReading = {
  readonly levels: SoundLevels;
  /** SHA-256 of each channel's samples, in 32 bits, in order. */
  readonly channels: readonly string[];
};
