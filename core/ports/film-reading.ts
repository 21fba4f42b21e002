import type { Animation } from '../film/animation.ts';
import type { CountedShape } from '../film/changing-picture.ts';
import type { Probe } from '../film/probe.ts';

/** The properties of an animated picture that was written as a film. */
export type Unfolded = {
  readonly kind: Animation['kind'];
  /** Whether all of its pictures are opaque. */
  readonly isOpaque: boolean;
  /** How long its last picture is shown. */
  readonly lastSeconds: number;
  /** A sentence about delays that were too short to be meant. */
  readonly hurried: string | undefined;
};

type FilmStream = { readonly path: string; readonly probe: Probe; readonly stream: number };

/** Reads the properties of a film that are needed before it is cut into segments. */
export interface FilmReading {
  /** Returns the shapes of a source's pictures in order; none where its codec cannot change the shape. */
  pictureShapes(source: FilmStream, signal: AbortSignal): Promise<readonly CountedShape[]>;
  /** Writes an animated GIF, APNG or WebP as a film to `output`; undefined for any other file. Throws `bad-input`, `truncated`. */
  unfold(path: string, output: string, signal: AbortSignal): Promise<Unfolded | undefined>;
}
