import type { Animation } from '../film/animation.ts';
import type { CountedShape } from '../film/changing-picture.ts';
import type { Probe } from '../film/probe.ts';

/** An animated picture that was written as a film. */
export type Unfolded = {
  readonly kind: Animation['kind'];
  /** None of its pictures can be seen through. */
  readonly isOpaque: boolean;
  /** How long its last picture is shown. */
  readonly lastSeconds: number;
};

type Film = { readonly path: string; readonly probe: Probe; readonly stream: number };

/** What is found out about a film before it is cut. */
export interface FilmReading {
  /** The shapes that the pictures of a source have, in turn; none where it cannot change. */
  pictureShapes(source: Film, signal: AbortSignal): Promise<readonly CountedShape[]>;
  /** An animated GIF, APNG or WebP as a film in `output`; undefined where the file is none. Throws `bad-input`, `truncated`. */
  unfold(path: string, output: string, signal: AbortSignal): Promise<Unfolded | undefined>;
}
