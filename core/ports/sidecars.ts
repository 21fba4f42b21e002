import type { FrameTimes } from '../film/frame-index.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';
import type { Source } from './film-reader.ts';

/** A source whose captions are read, with the times of its picture. */
export type CaptionSource = Source & { readonly index: FrameTimes };

export type SidecarTask = {
  readonly source: CaptionSource;
  readonly plans: readonly StreamPlan[];
  readonly folder: string;
};

/** The files of a stream beside the renditions, or the reason why none could be written. */
export type WrittenSidecar = {
  readonly index: number;
  readonly files: readonly { readonly name: string; readonly path: string; readonly language?: string }[];
  readonly problem: string | undefined;
  /** The end of the sentence that says what became of the stream; empty where it is said already. */
  readonly told: string;
};
