import type { Stream } from '../film/probe.ts';
import type { StreamFate } from '../job/manifest.ts';
import type { Rational } from '../units.ts';
import type { CropOfTexts } from './crop-of-texts.ts';
import type { Cue } from './cue.ts';
import type { SubtitleBeside } from './subtitle-beside.ts';
import type { TextTimes } from './text-times.ts';

/** How one stream of the source is written, and its line in the manifest. */
export type StreamPlan = {
  readonly stream: Stream;
  readonly fate: StreamFate['fate'];
  readonly why: string;
  /** ffmpeg's codec and its arguments ("copy", "alac"); undefined where the rendition does not contain the stream. */
  readonly codecArgs: readonly string[] | undefined;
  /** The file beside the rendition that holds the stream's unchanged packets. */
  readonly sidecar: { readonly name: string; readonly format: string } | undefined;
  /** Whether its track is copied as a whole, from one MP4 or MOV into another: ffmpeg neither reads nor writes it. */
  readonly track?: true;
  /** How many packets at its beginning are left out. */
  readonly withoutFirst?: number;
  /** Whether its last packet, which is copied, does not say how long it lasts. */
  readonly endsOpen?: true;
  /** Whether the conversion keeps every sample, which verification then proves. */
  readonly isExact?: boolean;
  /** Whether gaps in the sound are filled with silence, since the container only counts samples. */
  readonly fillsGaps?: boolean;
  /** Whether gaps and overlaps are those of an edit list, whose times are exact, so that short ones count too. */
  readonly followsEdits?: true;
  /** Whether the sound is decoded into a file first, since its filters go wrong where its channels or its rate change. */
  readonly decodedFirst?: true;
  /** From when on sound that begins later is silent, in seconds from the file's start. */
  readonly silentFrom?: number;
  /** Where the source's edit list ends the stream, in seconds from the file's start; an encoder's padding follows. */
  readonly endsAt?: number;
  /** Where the picture begins and the sound is cut, which began before it, in seconds from the file's start. */
  readonly cutFrom?: { readonly seconds: number; readonly leavesOutSeconds: number };
  /** Where the picture ends and the sound is cut, which would go on, in seconds from the file's start. */
  readonly cutAt?: { readonly seconds: number; readonly leavesOutSeconds: number };
  /** The film's time in seconds from the file's start, which silence fills wherever the sound has nothing. */
  readonly silenceTo?: { readonly from: number; readonly to: number };
  /** The factor by which the sidecar's times are multiplied. */
  readonly timeFactor?: Rational;
  /** The part of the picture that `crop=` leaves, to which the places of the sidecar's texts are moved. */
  readonly placedIn?: CropOfTexts;
  /** The subtitle file beside the source, where the plan is for such a file and not for a stream. */
  readonly beside?: SubtitleBeside;
  /** When its texts are shown, where they become a track of MP4. */
  readonly textTimes?: TextTimes;
  /** The rendition's track for a subtitle file. */
  readonly inside?: {
    readonly cues: readonly Cue[];
    /** The head of a file of WebVTT, up to its first cue; undefined for SubRip. */
    readonly webVttHead?: string;
    readonly times: TextTimes;
    /** Its language in three letters. */
    readonly language: string | undefined;
  };
};

/** Whether a plan is for a track of texts of MP4, which is written by us. */
export const isTextOfMp4 = ({ stream, codecArgs }: Pick<StreamPlan, 'stream' | 'codecArgs'>): boolean =>
  codecArgs?.[0] === 'mov_text' || (codecArgs?.[0] === 'copy' && stream.codec === 'mov_text');

/** The format of a sidecar that holds, as SubRip, the captions inside a picture's packets. */
export const CAPTIONS = 'captions';

/** The format of a sidecar that holds, as SubRip, the texts of a track of TTML that is copied. */
export const TTML_AS_SRT = 'ttml as srt';

/** What became of a stream that has a file of its own beside the renditions. */
export type ToldFate = Pick<StreamFate, 'fate' | 'why' | 'sidecar'>;

/** A plan without its stream. */
export type StreamDecision = Omit<StreamPlan, 'stream'>;

/** The decision for a track of time code, of which the rendition gets one of its own. */
export const WRITTEN_AGAIN: StreamDecision = {
  fate: 'kept',
  why: 'its timecode is written again, and each picture keeps its own',
  codecArgs: undefined,
  sidecar: undefined,
};

/** A stream whose packets are copied into the file. */
export const copied = (why = 'its packets are copied'): StreamDecision => ({
  fate: 'kept',
  why,
  codecArgs: ['copy'],
  sidecar: undefined,
});

/** Returns the decision that leaves a stream out of the rendition. */
export const dropped = (why: string): StreamDecision => ({
  fate: 'dropped',
  why,
  codecArgs: undefined,
  sidecar: undefined,
});

/** Returns plans in the order of the tracks that they become: the film's picture is the first one. */
export function pictureFirst(plans: readonly StreamPlan[], mainStream: number): readonly StreamPlan[] {
  const isMain = ({ stream }: StreamPlan) => stream.index === mainStream;
  return [...plans.filter(isMain), ...plans.filter((plan) => !isMain(plan))];
}
