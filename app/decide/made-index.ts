import { filesOf, type Manifest } from '../../core/job/manifest.ts';
import { type Content, madeFolder, parseResultLocation, type ResultLocation } from '../../core/job/result-location.ts';
import { keyAt, type ResultPlace } from '../../core/job/result-place.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { JobRequest } from '../job-request.ts';
import { publishedManifest } from '../published-manifest.ts';

/** An earlier result of the same recipe from a source with the same bytes under another name. */
export type Twin = ResultPlace & {
  readonly manifest: Manifest;
  /** The key of its entry in the index. */
  readonly entry: string;
  /** Whether its source still exists: the present source is then a duplicate, and otherwise the earlier one was moved. */
  readonly isThere: boolean;
};

const storeOf = ({ places }: Pick<JobRequest, 'places'>) => places?.outputs ?? '';

/**
 * Records what was made from which bytes, and where. A film is finished without this record: a failure here costs only a
 * later encode.
 */
export async function noteMade(
  request: JobRequest,
  content: Content,
  ports: Pick<Ports, 'made' | 'sources'>,
): Promise<void> {
  const key = `${madeFolder(content)}${request.id}.json`;
  const { outputPrefix, films, source } = request;
  const location = ports.sources.locate(source);
  const note: ResultLocation = { outputPrefix, ...(films && { films }), location, store: storeOf(request) };
  try {
    if (await ports.made.head(key)) return;
    await ports.made.write(key, JSON.stringify(note), 'application/json');
  } catch {
    // a lost record costs only a later encode
  }
}

/** Returns an earlier result; one whose source was moved is preferred, because its old place is cleared. */
export async function twinOf(
  request: JobRequest,
  content: Content,
  ports: Pick<Ports, 'made' | 'outputs' | 'isThere'>,
): Promise<Twin | undefined> {
  const twins: Twin[] = [];
  for await (const { key } of ports.made.list(madeFolder(content))) {
    const twin = await readTwin(key, request, content, ports);
    if (twin && !twin.isThere) return twin;
    if (twin) twins.push(twin);
  }
  return twins[0];
}

/** Returns the result of an index entry; undefined if it is gone or was replaced. */
async function readTwin(
  entry: string,
  request: JobRequest,
  { sha256, recipeKey }: Content,
  ports: Pick<Ports, 'made' | 'outputs' | 'isThere'>,
): Promise<Twin | undefined> {
  const bytes = await ports.made.read(entry);
  const made = bytes && parseResultLocation(bytes);
  if (made?.store !== storeOf(request) || made.outputPrefix === request.outputPrefix) return undefined;
  const { outputPrefix, films, location } = made;
  const manifest = await publishedManifest({ outputPrefix }, ports);
  if (manifest?.recipeKey !== recipeKey || manifest.source.sha256 !== sha256) return undefined;
  for (const { path, bytes } of filesOf(manifest))
    if ((await ports.outputs.head(keyAt(made, path)))?.bytes !== bytes) return undefined;
  // what the job itself made at another place, in another layout, moves like what was made of a source that has moved
  const isThere = manifest.job !== request.id && (await ports.isThere(location));
  return { manifest, outputPrefix, films, entry, isThere };
}
