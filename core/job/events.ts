import type { JobId, PublishedFile } from './job.ts';

export type Phase = 'hash' | 'index' | 'encode' | 'join' | 'verify' | 'quality';

/** What happens to a job. With --json each event is one line on stdout; readers ignore types that they do not know. */
export type JobEvent =
  /** Another process works on the job; this one continues when that one has ended. */
  | { type: 'job.waiting'; job: JobId; source: string }
  | { type: 'job.queued'; job: JobId; recipe: string; source: string }
  | {
      type: 'job.planned';
      job: JobId;
      renditions: readonly string[];
      frames: number;
      segments: number;
      reused: number;
      estimate: { seconds: number; diskBytes: number; usd: number };
    }
  | {
      type: 'progress';
      job: JobId;
      phase: Phase;
      rendition: string | undefined;
      done: number;
      total: number;
      unit: 'bytes' | 'frames';
      fps: number | undefined;
      /** Seconds of media that are processed in a second. */
      speed: number | undefined;
      etaSeconds: number | undefined;
    }
  | {
      type: 'segment.done';
      job: JobId;
      rendition: string;
      index: number;
      of: number;
      frames: number;
      bytes: number;
      reused: boolean;
    }
  /** A search for a quality (`vmaf`): what a CRF gave, on samples or over the whole rendition, and which CRF it takes. */
  | {
      type: 'quality.tried';
      job: JobId;
      rendition: string;
      crf: number;
      metric: 'vmaf' | 'xpsnr' | 'ssim';
      score: number;
      over: 'samples' | 'whole';
    }
  | { type: 'quality.chosen'; job: JobId; rendition: string; crf: number }
  | { type: 'rendition.done'; job: JobId; name: string; path: string; bytes: number; sourceBytes: number }
  /** Results for the same bytes under another name were reused: moved along with the source, or copied from a duplicate. */
  | { type: 'job.taken'; job: JobId; how: 'moved' | 'copied'; from: string; source: string }
  | { type: 'warning'; job: JobId; message: string }
  /** `resultOf` is there if the source was left as it is because it is a result itself; `manifest` is then that result's. */
  | { type: 'job.done'; job: JobId; status: 'done' | 'unchanged'; manifest: string; resultOf?: ResultOf | undefined }
  | { type: 'job.failed'; job?: JobId; code: string; reason: string };

/** The recipe that made a film, unless its manifest can no longer be read. */
export type ResultOf = { readonly recipe?: string | undefined };

/** The path of the manifest that lists a published film, and its recipe. */
export type PublishedResult = ResultOf & {
  readonly manifest: string;
  /** The hashes of its source, and of what that was made from in the same place, the last one first; empty where nothing tells. */
  readonly madeFrom: readonly string[];
};

export type OnEvent = (event: JobEvent) => void;

export type JobOutcome =
  | {
      status: 'done' | 'unchanged';
      manifest: string;
      published: readonly PublishedFile[];
      /** There if the source is a result itself. Its manifest may lie in another store. */
      resultOf?: PublishedResult | undefined;
    }
  | { status: 'failed'; code: string; reason: string; exitCode: number };
