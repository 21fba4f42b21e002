import { type Job, type JobId, jobId, type PublishedFile } from '../job/job.ts';
import type { Manifest } from '../job/manifest.ts';
import { type FilmNames, keyAt } from '../job/result-place.ts';

type FoundManifest = {
  readonly manifestKey: string;
  readonly manifest: Manifest;
  /** The id that another drop of the same source would get; undefined if the source is not there as it was. */
  readonly id: JobId | undefined;
  /** The version of that source. */
  readonly version: string | undefined;
  /** The files that are proved to be the published ones. Others are hashed when somebody asks for the job again. */
  readonly published: readonly PublishedFile[];
  /** On one machine: the folder of the results. */
  readonly outputs: string | undefined;
};

/** Returns the row that a job which published this manifest has. Undefined where the manifest names no job. */
export function importedJob({
  manifestKey,
  manifest,
  id,
  version,
  published,
  outputs,
}: FoundManifest): Job | undefined {
  const own = id ?? jobId.safeParse(manifest.job).data;
  if (own === undefined) return undefined;
  const madeMs = Date.parse(manifest.madeAt) || 0;
  const outputPrefix = manifestKey.split('/').slice(0, -1).join('/');
  const films = filmNamesIn(manifest, outputPrefix);
  const sources = manifest.sourceFolder;
  return {
    id: own,
    recipe: manifest.recipe,
    source: manifest.source.path,
    outputPrefix,
    ...(films && { films }),
    ...(outputs !== undefined && sources !== undefined && { places: { sources, outputs } }),
    ...(version !== undefined && { version }),
    settings: { ...manifest.settings },
    createdMs: madeMs,
    updatedMs: madeMs,
    state: { status: 'done', manifest: manifestKey },
    published: [...published],
  };
}

/** Returns the names of films that lie apart from their manifest (the layout `files`). */
function filmNamesIn({ renditions, streams, source }: Manifest, outputPrefix: string): FilmNames | undefined {
  const [first] = renditions;
  if (!first?.path.startsWith('../')) return undefined;
  const key = withoutExtension(keyAt({ outputPrefix }, first.path));
  const byRendition = renditions.length > 1;
  const stem = byRendition && key.endsWith(`.${first.name}`) ? key.slice(0, -first.name.length - 1) : key;
  // Another job has the subtitles of this name if those that came beside the source lie with the manifest.
  const hasSubtitles = streams.every(({ beside, sidecar }) => !beside || !sidecar || sidecar.startsWith('../'));
  const extension = /\.[^./]+$/.exec(source.path)?.[0] ?? '';
  return {
    stem,
    asIs: `${stem}${extension}`,
    byRendition,
    hasSubtitles,
  };
}

const withoutExtension = (key: string) => key.replace(/\.[^./]+$/, '');
