import type { SubtitleName } from '../job/companions.ts';

/** A subtitle file beside a film, as a file on this machine. */
export type SubtitleBeside = SubtitleName & {
  /** Its key or path in the store of sources. */
  readonly source: string;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Its bytes, for formats whose text a container may hold. */
  readonly text: Uint8Array | undefined;
};
