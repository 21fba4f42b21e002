import type { PublishedResult } from '../job/events.ts';

/** A verified film that is to take the place of its source. Keys are those of the folder that both lie in. */
export type Replacement = {
  readonly job: string;
  /** The key of the source; `film` is the same or has another extension. */
  readonly source: string;
  readonly film: string;
  /** The source as it was read. */
  readonly was: { readonly bytes: number; readonly modifiedMs: number; readonly sha256: string };
  /** The verified film, and where it is now. */
  readonly is: { readonly bytes: number; readonly sha256: string };
  readonly file: string;
  /** The manifest that is published afterwards. */
  readonly manifest: { readonly key: string; readonly text: string };
};

/** Works in place: puts films where their sources were, and knows films that are results already. */
export interface InPlace {
  /**
   * Puts the source aside and the film in its place. Whenever the process is killed, a whole film is there. Throws `busy` if
   * the source was changed since it was read, and `cannot-write`.
   */
  replace(replacement: Replacement, signal: AbortSignal): Promise<void>;
  /** Remembers that a file with this hash was published, and where its manifest is. A failure costs an encode, no more. */
  note(sha256: string, manifest: string): Promise<void>;
  /** Returns what a file with this hash is a result of; undefined if none with it was published. */
  resultOf(sha256: string): Promise<PublishedResult | undefined>;
}
