import { keyAt } from '../core/job/result-place.ts';
import type { Outcome } from './make-all.ts';
import { manifestKey } from './published-manifest.ts';
import type { JobWork } from './work.ts';

type MadeOutcome = Extract<Outcome, { kind: 'made' }>;

/** Whether an outcome is to take the place of the source, or is the source itself because that was smaller. */
export const isInPlace = ({ record }: Outcome, { request }: Pick<JobWork, 'request'>): boolean =>
  request.replaces === true && !keyAt(request, record.path).startsWith(`${request.outputPrefix}/`);

/** Puts the verified film in the place of its source. The source's own bytes stay where they are. */
export async function replaceSource(
  { record, made }: MadeOutcome,
  { request, ports, tracking }: Pick<JobWork, 'request' | 'ports' | 'tracking'>,
  { source, manifest }: { readonly source: { bytes: number; sha256: string; modifiedMs: number }; manifest: string },
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
