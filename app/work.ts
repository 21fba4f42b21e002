import type { EncodeSpec } from '../core/codecs/encode-spec.ts';
import type { RenditionSpec } from '../core/codecs/rendition-spec.ts';
import type { RenditionRecord } from '../core/job/manifest.ts';
import type { QualityReport } from '../core/ports/measurer.ts';
import type { Ports } from '../core/ports/ports.ts';
import type { ToolsByCodec } from '../core/recipes/recipe-key.ts';
import type { ReportPictures } from '../core/report/report-pictures.ts';
import type { Segment } from '../core/segments/segments.ts';
import type { Settings } from '../core/settings/settings.ts';
import type { StreamPlan } from '../core/streams/stream-plan.ts';
import type { SubtitleBeside } from '../core/streams/subtitle-beside.ts';
import type { Before } from './decide-job.ts';
import type { JobRequest } from './job-request.ts';
import type { Parents } from './parents.ts';
import type { SourceFacts } from './read-source.ts';
import type { Stopwatch } from './stopwatch.ts';
import type { Tracking } from './tracking.ts';

/** What all renditions of a job are made with. */
export type JobWork = {
  readonly request: JobRequest;
  readonly ports: Ports;
  readonly tracking: Tracking;
  readonly watch: Stopwatch;
  readonly settings: Partial<Settings>;
  readonly tools: ToolsByCodec;
  /** A folder of our own. */
  readonly folder: string;
  /** The source and the renditions of this run, by name, as others are made from them. */
  readonly parents: Parents;
  readonly before: Before | undefined;
  /** The subtitles beside the source, and whether they are others than it was made with before. */
  readonly beside: readonly SubtitleBeside[];
  readonly besideChanged: boolean;
  /** Whether a rendition that comes before this one is in work, too: its encoders go first. */
  isBehind(): boolean;
};

/** What one rendition is made with. */
export type RenditionWork = Omit<JobWork, 'parents' | 'before' | 'beside' | 'besideChanged'> & {
  /** What is read: the source itself, or the rendition that the one being made is made from. */
  readonly source: SourceFacts;
  /** Streams that did not come out as they should the first time: another way is taken with them. The picture's stands for its timecode. */
  readonly otherWay?: ReadonlySet<number>;
  /** Whether others of this run are made from what is being made. */
  readonly hasChildren: boolean;
};

/** A verified file that waits to be published, and what the manifest says of it. */
export type MadeRendition = {
  readonly file: string;
  readonly record: RenditionRecord;
  readonly plans: readonly StreamPlan[];
  readonly series: QualityReport['series'];
  readonly warnings: readonly string[];
  /** What its report shows of it. */
  readonly pictures: ReportPictures;
  /** What it shows, and where it lies. */
  readonly picture: Pick<SourceFacts, 'path' | 'probe' | 'main'>;
  /** Itself, as others are made from it; undefined where none were known to be. */
  readonly facts: SourceFacts | undefined;
};

/** One rendition as it is being made: its source, its encoder's spec, its segments. */
export type Draft = {
  readonly rendition: RenditionSpec;
  readonly source: SourceFacts;
  readonly spec: EncodeSpec;
  readonly losses: readonly string[];
  readonly segments: readonly Segment[];
  readonly plans: readonly StreamPlan[];
  /** That is to be written; undefined where there is none, or the container cannot say it. */
  readonly timecode: string | undefined;
  /** What the CRF search expected, where there was one. */
  readonly projected: number | undefined;
};

/** The guard of recipes that must not make anything larger than its source. */
export const guarded = ({ request, settings }: Pick<JobWork, 'request' | 'settings'>) =>
  request.recipe.neverLarger && !settings.evenIfLarger && !settings.lossless;

/** The folder of a job among those of the scratch. */
export const scratchOf = ({ id }: Pick<JobRequest, 'id'>) => `jobs/${id}`;

/** Where a piece lies in the cache. */
export const pieceKey = (key: string) => `pieces/${key.slice(0, 2)}/${key}.nut`;
