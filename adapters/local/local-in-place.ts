import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PublishedResult } from '../../core/job/events.ts';
import { manifestFrom } from '../../core/job/manifest.ts';
import type { InPlace } from '../../core/ports/in-place.ts';
import { entriesIn, type OriginalsPlace, replaceInPlace } from './originals-folder.ts';
import type { PublishedIndex } from './published-index.ts';

/** Works in place in a folder. The index knows what was published anywhere on this machine. */
export function localInPlace({ root, hash }: Pick<OriginalsPlace, 'root' | 'hash'>, index: PublishedIndex): InPlace {
  let replaced: ReturnType<typeof entriesIn> | undefined;
  return {
    replace: (replacement, signal) => replaceInPlace(replacement, { root, signal, hash }),
    note: async (sha256, manifest) => index.note(sha256, manifest),
    async resultOf(sha256) {
      const known = index.find(sha256);
      if (known !== undefined) return await resultAt(known, sha256);
      replaced ??= entriesIn(root); // the index may have been lost
      const entry = (await replaced).find(({ is }) => is.sha256 === sha256);
      return entry && (await resultAt(join(root, entry.manifest), sha256));
    },
  };
}

/** What a film was made from is told by its manifest, unless another film's has come in that one's place. */
async function resultAt(path: string, sha256: string): Promise<PublishedResult> {
  const bytes = await readFile(path).catch(() => undefined);
  const manifest = bytes && manifestFrom(bytes);
  const isIts = manifest?.renditions.some((each) => each.sha256 === sha256) ?? false;
  const madeFrom = manifest && isIts ? [manifest.source.sha256, ...(manifest.madeFrom ?? [])].slice(0, MOST_STEPS) : [];
  return { manifest: path, recipe: manifest?.recipe, madeFrom };
}

/** Nobody makes a film of a film so often; a manifest stays small. */
const MOST_STEPS = 100;
