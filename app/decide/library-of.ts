import type { PublishedState, RecordedNode } from '../../core/renditions/graph.ts';
import type { JobRequest } from '../job-request.ts';
import type { Decision } from './decide-job.ts';

/** The name of the thumbnails in the graph of renditions. */
export const THUMBNAILS = 'thumbnails';

/** The thumbnails as a node of the graph, which are made of this rendition. */
export const thumbnailsNode = ({ name }: { readonly name: string }) => ({ name: THUMBNAILS, parent: name });

/** Returns the published state of a job in the form that the graph of renditions takes. */
export function libraryOf({ before, sha256 = '', remade }: Decision, { recipe }: JobRequest): PublishedState {
  const keepsEdits = recipe.keepsEdits ?? false;
  if (!before)
    return { recorded: new Map(), found: new Map(), source: '', sameRecipe: false, remake: new Map(), keepsEdits };
  const { manifest, files, sameRecipe } = before;
  const { renditions, thumbnails } = manifest;
  const pictures = thumbnails ? [[THUMBNAILS, { sha256: '', parentSha256: thumbnails.parentSha256 }] as const] : [];
  const there = thumbnails?.files.every(({ path }) => files.has(path)) ? [[THUMBNAILS, ''] as const] : [];
  return {
    recorded: new Map<string, RecordedNode>([
      ...renditions.map(
        ({ name, sha256: was, parentSha256, edited }) => [name, { sha256: was, parentSha256, edited }] as const,
      ),
      ...pictures,
    ]),
    found: new Map([
      ...renditions.flatMap(({ name, path }) => {
        const now = files.get(path);
        return now ? [[name, now.sha256] as const] : [];
      }),
      ...there,
    ]),
    source: sha256,
    sameRecipe,
    remake: remade,
    keepsEdits,
  };
}
