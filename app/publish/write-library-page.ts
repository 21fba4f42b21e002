import { failureRecordFrom } from '../../core/job/failure-record.ts';
import { manifestFrom } from '../../core/job/manifest.ts';
import { HIDDEN_FOLDER } from '../../core/job/result-place.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { type LibraryEntry, madeFilm, unmadeFilm } from '../../core/report/library-entry.ts';
import { libraryHtml } from '../../core/report/library-html.ts';
import { REPORT, REPORT_POSTER } from './write-report.ts';

/** Where the page of all films lies among the results. */
export const LIBRARY_PAGE = `${HIDDEN_FOLDER}/index.html`;

/** Writes the page of all films, from the manifests and failure records that lie among the results of these recipes. */
export async function writeLibraryPage(
  recipes: readonly string[],
  { outputs, clock }: Pick<Ports, 'outputs' | 'clock'>,
): Promise<void> {
  const entries: LibraryEntry[] = [];
  for (const top of [`${HIDDEN_FOLDER}/`, '']) {
    for (const recipe of recipes) {
      entries.push(...(await madeBelow(`${top}${recipe}/`, outputs)));
      entries.push(...(await unmadeBelow(`${top}failed/${recipe}/`, outputs)));
    }
  }
  const page = libraryHtml(entries, new Date(clock.now()).toISOString());
  await outputs.write(LIBRARY_PAGE, page, 'text/html; charset=utf-8');
}

type Outputs = Ports['outputs'];

async function madeBelow(prefix: string, outputs: Outputs): Promise<readonly LibraryEntry[]> {
  const entries: LibraryEntry[] = [];
  const posters = new Set<string>();
  const manifests: string[] = [];
  for await (const { key } of outputs.list(prefix)) {
    if (key.endsWith(`/${REPORT_POSTER}`)) posters.add(key);
    if (key.endsWith('/manifest.json')) manifests.push(key);
  }
  for (const key of manifests) {
    const folder = key.slice(0, key.lastIndexOf('/'));
    const bytes = await outputs.read(key);
    const manifest = bytes && manifestFrom(bytes);
    if (!manifest) continue;
    const poster = `${folder}/${REPORT_POSTER}`;
    entries.push(
      madeFilm(manifest, {
        name: folder.slice(prefix.length),
        report: fromPage(`${folder}/${REPORT}`),
        poster: posters.has(poster) ? fromPage(poster) : undefined,
      }),
    );
  }
  return entries;
}

async function unmadeBelow(prefix: string, outputs: Outputs): Promise<readonly LibraryEntry[]> {
  const entries: LibraryEntry[] = [];
  for await (const { key } of outputs.list(prefix)) {
    const bytes = key.endsWith('.json') ? await outputs.read(key) : undefined;
    const record = bytes && failureRecordFrom(bytes);
    if (record) entries.push(unmadeFilm(record, key.slice(prefix.length, -'.json'.length)));
  }
  return entries;
}

/** The path of a key as the page has to name it. */
const fromPage = (key: string) =>
  key.startsWith(`${HIDDEN_FOLDER}/`) ? key.slice(HIDDEN_FOLDER.length + 1) : `../${key}`;
