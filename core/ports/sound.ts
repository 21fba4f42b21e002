import type { Access } from '../film/probe.ts';
import type { SoundLevels } from '../quality/sound-levels.ts';

/** One sound of a file, to be decoded from its beginning to its end. */
export type SoundTask = {
  readonly path: string;
  readonly access: Access;
  readonly stream: number;
  /** Which samples of each channel are hashed: none, all, or those other than 0. */
  readonly hash: 'none' | 'all' | 'sounding';
};

export type SoundReading = {
  readonly levels: SoundLevels;
  /** SHA-256 of each channel's samples, as 32-bit integers in order. */
  readonly channels: readonly string[];
};
