import { filesOf } from '../../core/job/manifest.ts';
import { keyAt } from '../../core/job/result-place.ts';
import type { JobWork } from '../encode/work.ts';

/** Where files lie that somebody put in the place of results, or edited, before new results came there. */
const REPLACED = '.reelmill/replaced';

/**
 * Keeps files of a person's own folder that are not as they were published, before their names are used again: they may be
 * somebody's own. Each is told with the place where it is kept.
 */
export async function keepChanged({
  request,
  ports,
  before,
  tracking,
}: Pick<JobWork, 'request' | 'ports' | 'before' | 'tracking'>): Promise<void> {
  if (!request.films || request.replaces || !before) return;
  for (const { path, sha256 } of filesOf(before.manifest)) {
    const now = before.files.get(path);
    const key = keyAt(request, path);
    if (now === undefined || now.sha256 === sha256 || key.startsWith(`${request.outputPrefix}/`)) continue;
    const kept = `${REPLACED}/${now.sha256.slice(0, 12)}/${key}`;
    await ports.outputs.link(key, kept);
    const message = `${key} was changed after it was published; it is kept as ${ports.outputs.locate(kept)}`;
    tracking.emit({ type: 'warning', job: request.id, message });
  }
}
