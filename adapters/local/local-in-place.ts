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
      if (known !== undefined) return await resultAt(known);
      replaced ??= entriesIn(root); // the index may have been lost
      const entry = (await replaced).find(({ is }) => is.sha256 === sha256);
      return entry && (await resultAt(join(root, entry.manifest)));
    },
  };
}

async function resultAt(manifest: string): Promise<PublishedResult> {
  const bytes = await readFile(manifest).catch(() => undefined);
  return { manifest, recipe: bytes && manifestFrom(bytes)?.recipe };
}
