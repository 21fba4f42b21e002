import type { ResultOf } from '../job/events.ts';

/** A source as it lay there when it was last found to be done, and the files that were published of it. */
export type KnownResult = {
  /** Size, times and number of the source and of the subtitles beside it. */
  readonly source: string;
  /** What was asked of it: recipe, settings, layout and version of this program. */
  readonly asked: string;
  readonly job: string;
  /** The path of the manifest. */
  readonly manifest: string;
  /** The published files, the manifest among them. */
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly modifiedMs: number }[];
  /** There if the source is a result itself. */
  readonly resultOf?: ResultOf | undefined;
};

/** Remembers what is done, so that an unchanged library is recognised without reading its films. */
export interface KnownResults {
  /** Returns what is known of films, by their locations. */
  of(locations: readonly string[], recipe: string): Promise<ReadonlyMap<string, KnownResult>>;
  put(location: string, recipe: string, result: KnownResult): Promise<void>;
  /** Whether every published file has the size and the time that it had. */
  areThere(files: KnownResult['files']): Promise<boolean>;
}
