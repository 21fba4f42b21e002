import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestFrom } from '../../core/job/manifest.ts';
import type { Original } from '../../core/job/original.ts';
import { HIDDEN_FOLDER, keyAt } from '../../core/job/result-place.ts';
import type { Entry } from './originals-folder.ts';

/** A replacement of a film that had itself come in the place of a source. */
export type LaterReplacement = Pick<Original, 'film' | 'is' | 'manifest'> & {
  readonly entry?: Entry;
  /** How many replacements before it are known by their hashes alone, since records and manifests of them are gone. */
  readonly skips?: number;
};

/**
 * Returns what replaced the film of an entry since, one after the other: under another recipe or other settings a result is a
 * source itself. Where the record of such a replacement is gone, its manifest tells of it.
 */
export async function replacedSince(
  entry: Entry,
  entries: readonly Entry[],
  root: string,
): Promise<readonly LaterReplacement[]> {
  const later: LaterReplacement[] = [];
  const seen = new Set([entry.is.sha256]);
  for (let now: LaterReplacement = entry; ; ) {
    const next = byRecord(now, entries) ?? (await byManifest(now, root));
    if (!next || seen.has(next.is.sha256)) return later; // an encoder may give bytes that were there before
    seen.add(next.is.sha256);
    later.push(next);
    now = next;
  }
}

/** Whether the original of an entry is gone, and only its record stays, because it joins an earlier original to the film of now. */
export const isRecordOnly = (entry: Entry, entries: readonly Entry[]): boolean =>
  !entry.hasOriginal && entry.isDone && entries.some((earlier) => isMadeFrom(entry, earlier));

const isMadeFrom = (later: Entry, { film, is }: LaterReplacement) =>
  later.source === film && later.was.sha256 === is.sha256;

function byRecord(now: LaterReplacement, entries: readonly Entry[]): LaterReplacement | undefined {
  const entry = entries.find((each) => each.isDone && isMadeFrom(each, now));
  if (!entry) return undefined;
  const { film, is, manifest } = entry;
  return { film, is, manifest, entry };
}

async function byManifest({ film, is }: LaterReplacement, root: string): Promise<LaterReplacement | undefined> {
  for (const recipe of await readdir(join(root, HIDDEN_FOLDER)).catch(() => [])) {
    const outputPrefix = `${HIDDEN_FOLDER}/${recipe}/${film}`;
    const key = `${outputPrefix}/manifest.json`;
    const bytes = await readFile(join(root, key)).catch(() => undefined);
    const manifest = bytes && manifestFrom(bytes);
    const skips = manifest ? [manifest.source.sha256, ...(manifest.madeFrom ?? [])].indexOf(is.sha256) : -1;
    const [made] = skips >= 0 && manifest ? manifest.renditions : [];
    if (made) return { film: keyAt({ outputPrefix }, made.path), is: made, manifest: key, skips };
  }
  return undefined;
}
