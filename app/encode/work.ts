import type { EncodeSpec } from '../../core/codecs/encode-spec.ts';
import type { RenditionSpec } from '../../core/codecs/rendition-spec.ts';
import type { Padding } from '../../core/encode/padding.ts';
import type { NotesPlan } from '../../core/encode/plan-notes.ts';
import type { Deinterlacing } from '../../core/filters/deinterlacing.ts';
import type { RenditionRecord } from '../../core/job/manifest.ts';
import type { PieceResult, PieceTask } from '../../core/ports/file-maker.ts';
import type { MeasuredTogether, QualityReport } from '../../core/ports/measurer.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Publishing } from '../../core/ports/source-keeper.ts';
import type { WorkOptions } from '../../core/ports/work-options.ts';
import type { ToolsByCodec } from '../../core/recipes/recipe-key.ts';
import type { ReportPictures } from '../../core/report/report-pictures.ts';
import { keyframeNumbers } from '../../core/segments/borders.ts';
import type { FrameTimeline } from '../../core/segments/reach.ts';
import type { Segment } from '../../core/segments/segments.ts';
import type { Settings } from '../../core/settings/settings.ts';
import type { FilmSpan } from '../../core/streams/film-span.ts';
import type { StreamPlan } from '../../core/streams/stream-plan.ts';
import type { SubtitleBeside } from '../../core/streams/subtitle-beside.ts';
import type { FilmTimecode } from '../../core/streams/timecode.ts';
import type { Before } from '../decide/decide-job.ts';
import type { JobRequest } from '../job-request.ts';
import type { Parents } from '../source/parents.ts';
import type { SourceFacts } from '../source/read-source.ts';
import type { Stopwatch } from '../stopwatch.ts';
import type { Tracking } from '../tracking.ts';

/** What the making of all renditions of a job shares. */
export type JobWork = {
  readonly request: JobRequest;
  readonly ports: Ports;
  readonly tracking: Tracking;
  readonly watch: Stopwatch;
  readonly settings: Partial<Settings>;
  readonly tools: ToolsByCodec;
  /** The job's folder for work files. */
  readonly folder: string;
  /** The source and the renditions of this run, by name, from which others are made. */
  readonly parents: Parents;
  readonly before: Before | undefined;
  /** The subtitles beside the source, and whether they differ from those that the results were made with. */
  readonly beside: readonly SubtitleBeside[];
  readonly besideChanged: boolean;
  /** Set where several renditions are made of the source and measured against it. */
  readonly together?: MeasuredTogether | undefined;
  /** Set where several renditions of the source are encoded side by side. */
  readonly pieces?: PiecesTogether | undefined;
  /** Whether an earlier rendition is in progress too, so that its encoders have precedence. */
  isBehind(): boolean;
};

/** How pieces of renditions that are made side by side are encoded: each segment for all of them by one decode of the source. */
export type PiecesTogether = {
  /** How many segments are in progress at once. All renditions go through them in the same order. */
  readonly atOnce: number;
  encode(task: PieceTask, output: string, options: WorkOptions): Promise<PieceResult>;
};

/** What the making of one rendition needs. */
export type RenditionWork = Omit<JobWork, 'parents' | 'before' | 'beside' | 'besideChanged'> & {
  /** The source, or the rendition that this one is made from. */
  readonly source: SourceFacts;
  /** Streams that failed their check and are made another way. The picture's number stands for its timecode. */
  readonly otherWay?: ReadonlySet<number>;
  /** Sounds that were not in their place, and are decoded into files first. */
  readonly decodedFirst?: ReadonlySet<number>;
  /** Damaged frames that are left out where the pictures are compared, since each decode gives other pictures of them. */
  readonly unsteady?: ReadonlySet<number>;
  /** Whether other renditions of this run are made from this one. */
  readonly hasChildren: boolean;
};

/** A verified file that waits to be published, and the manifest's record of it. */
export type MadeRendition = {
  readonly file: string;
  /** The sums of the source, if the file is the source's own, which is copied inside of the store and never moved. */
  readonly ofSource?: Publishing['sums'];
  readonly record: RenditionRecord;
  readonly plans: readonly StreamPlan[];
  readonly series: QualityReport['series'];
  readonly warnings: readonly string[];
  /** The pictures for the report. */
  readonly pictures: ReportPictures;
  /** The path and picture of the verified file. */
  readonly picture: Pick<SourceFacts, 'path' | 'probe' | 'main'>;
  /** The facts of the file as a parent; undefined if no rendition is made from it. */
  readonly facts: SourceFacts | undefined;
};

/** One rendition in the making: its source, the encoder's spec, its segments. */
export type Draft = {
  readonly rendition: RenditionSpec;
  readonly source: SourceFacts;
  readonly spec: EncodeSpec;
  readonly losses: readonly string[];
  readonly padding?: Padding | undefined;
  /** What belongs to single pictures of the source, as captions and Dolby Vision. */
  readonly notes: NotesPlan;
  /** What becomes of the source's fields; undefined where nothing is interlaced. */
  readonly deinterlacing?: Deinterlacing;
  /** What is to be said of the frames that were chosen. */
  readonly framesTold?: readonly string[];
  readonly segments: readonly Segment[];
  readonly plans: readonly StreamPlan[];
  /** The timecode to be written; undefined if there is none, or the container cannot hold it. */
  readonly timecode: string | undefined;
  /** What the source says of its time code and its reel. */
  readonly said: FilmTimecode;
  /** The time that a streamed film takes; undefined for other deliveries. */
  readonly film: FilmSpan | undefined;
  /** When a loop begins in its source, in seconds, where that is not at 0. */
  readonly beginsAt: number | undefined;
  /** The score that the CRF search predicted. */
  readonly projected: number | undefined;
};

/** Whether the job's recipe forbids results larger than the source. */
export const guarded = ({ request, settings, source }: Pick<RenditionWork, 'request' | 'settings' | 'source'>) =>
  request.recipe.neverLarger && !settings.evenIfLarger && !settings.lossless && !source.isSequence;

/** Returns the folder of a job in the scratch. */
export const scratchOf = ({ id }: Pick<JobRequest, 'id'>) => `jobs/${id}`;

/** Returns the key of a piece in the cache. */
export const pieceKey = (key: string) => `pieces/${key.slice(0, 2)}/${key}.nut`;

/** How frames of a source are reached; `times` are those of the frames that are taken. */
export const timelineOf = ({
  cut,
  tickSeconds,
  index,
  probe,
}: Pick<SourceFacts, 'cut' | 'tickSeconds' | 'index' | 'probe'>): FrameTimeline => ({
  ...{ times: cut.times, tickSeconds, fileStartSeconds: probe.startSeconds, keyframes: keyframeNumbers(index) },
  ...(cut.among && { among: cut.among }),
  ...(cut.fields && { fields: cut.fields }),
  ...(cut.isCounted && { isCounted: cut.isCounted }),
});
