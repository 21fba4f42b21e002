import type { Access } from '../film/access.ts';
import type { Stream } from '../film/probe.ts';

/** Text subtitles of a source that are read as WebVTT, with the times of the source. */
export type TextsTask = {
  readonly path: string;
  readonly access: Access;
  readonly format: string;
  readonly startSeconds: number;
  readonly streams: readonly Pick<Stream, 'index' | 'codec' | 'webVttBlocks'>[];
  /** A folder for files on the way. */
  readonly folder: string;
};

/** A subtitle as WebVTT, or the reason why it cannot be read. */
export type TextRead =
  | { readonly stream: number; readonly webVtt: Uint8Array }
  | { readonly stream: number; readonly problem: string };
