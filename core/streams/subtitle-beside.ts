import type { SubtitleName } from '../job/companions.ts';

/** A subtitle that lies beside a film, as a file on this machine. */
export type SubtitleBeside = SubtitleName & {
  /** Its key or path, beside the source's. */
  readonly source: string;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Of a text that a container may hold. */
  readonly text: Uint8Array | undefined;
};
