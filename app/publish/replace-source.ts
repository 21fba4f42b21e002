import type { PublishedFile } from '../../core/job/job.ts';
import { keyAt } from '../../core/job/result-place.ts';
import type { JobWork } from '../encode/work.ts';
import type { Outcome } from '../make/make-all.ts';
import { publishedState } from '../published-files.ts';
import { manifestKey } from '../published-manifest.ts';

type MadeOutcome = Extract<Outcome, { kind: 'made' }>;

/** Whether an outcome is to take the place of the source, or is the source itself because that was smaller. */
export const isInPlace = ({ record }: Outcome, { request }: Pick<JobWork, 'request'>): boolean =>
  request.replaces === true && !keyAt(request, record.path).startsWith(`${request.outputPrefix}/`);

type Replacing = {
  readonly source: { readonly bytes: number; readonly sha256: string; readonly modifiedMs: number };
  readonly manifest: string;
};

/** Puts verified films in the places of their sources. A source's own bytes stay where they are. */
export async function publishInPlace(
  outcomes: readonly Outcome[],
  work: Pick<JobWork, 'request' | 'ports' | 'tracking'>,
  replacing: Replacing,
): Promise<readonly PublishedFile[]> {
  const { request, tracking, ports } = work;
  const published: PublishedFile[] = [];
  for (const outcome of outcomes.filter((each) => isInPlace(each, work))) {
    const { path, name, bytes, sha256 } = outcome.record;
    const key = keyAt(request, path);
    if (outcome.kind === 'made') await replaceSource(outcome, work, replacing);
    published.push(await publishedState(key, { bytes, sha256 }, ports.outputs));
    const told = { name, path: ports.outputs.locate(key), bytes, sourceBytes: replacing.source.bytes };
    tracking.emit({ type: 'rendition.done', job: request.id, ...told });
  }
  return published;
}

async function replaceSource(
  { record, made }: MadeOutcome,
  { request, ports, tracking }: Pick<JobWork, 'request' | 'ports' | 'tracking'>,
  { source, manifest }: Replacing,
): Promise<void> {
  const { path, bytes, sha256, quality } = record;
  if (quality.metric === 'identical') return;
  const replacement = {
    job: request.id,
    source: request.source,
    film: keyAt(request, path),
    was: source,
    is: { bytes, sha256 },
    file: made.file,
    manifest: { key: manifestKey(request), text: manifest },
  };
  await ports.inPlace.replace(replacement, tracking.signal);
}
