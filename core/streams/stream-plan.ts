import type { Stream } from '../film/probe.ts';
import type { StreamFate } from '../job/manifest.ts';
import type { Rational } from '../units.ts';
import type { SubtitleBeside } from './subtitle-beside.ts';

/** What becomes of one stream: its fate for the manifest, and how it is written. */
export type StreamPlan = {
  readonly stream: Stream;
  readonly fate: StreamFate['fate'];
  readonly why: string;
  /** Its encoder in the rendition itself ("copy", "alac"); undefined where it is not in there. */
  readonly codecArgs: readonly string[] | undefined;
  /** File beside the rendition that holds its packets as they were. */
  readonly sidecar: { readonly name: string; readonly format: string } | undefined;
  /** So many packets at its beginning are left out. */
  readonly withoutFirst?: number;
  /** Converted, and every sample as it was: proved after it was made. */
  readonly isExact?: boolean;
  /** The encoder gets silence where the source has none of this sound, since the container counts samples alone. */
  readonly fillsGaps?: boolean;
  /** Where the source's edit list has it end, in seconds from the file's start: behind it lies an encoder's padding. */
  readonly endsAt?: number;
  /** What the sidecar's times are multiplied by. */
  readonly slower?: Rational;
  /** A subtitle that lies beside the source, and is no stream of it. */
  readonly beside?: SubtitleBeside;
  /** Its track of the rendition: the text, and the language in three letters. */
  readonly inside?: { readonly srt: string; readonly language: string | undefined };
};

export type Decision = Omit<StreamPlan, 'stream'>;
