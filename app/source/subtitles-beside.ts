import { besideFilm, type SubtitleName, subtitlesOf } from '../../core/job/companions.ts';
import type { Manifest } from '../../core/job/manifest.ts';
import type { LocalFile, ObjectStore } from '../../core/ports/object-store.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SubtitleBeside } from '../../core/streams/subtitle-beside.ts';
import { isPlainText, recipeReadsSubtitles } from '../../core/subtitles/beside.ts';
import { filesBeside } from '../files-beside.ts';
import type { JobRequest } from '../job-request.ts';

/** The subtitles beside a film, as local files until `release` is called. */
type Beside = { readonly subtitles: readonly SubtitleBeside[]; release(): Promise<void> };

/** The largest text that is read; the longest of a film have a few hundred kilobytes. */
const LARGEST_TEXT_BYTES = 8 * 1024 * 1024;

/** Returns the subtitles beside a job's source; none if its recipe takes none. */
export async function subtitlesBeside(
  { source, recipe }: Pick<JobRequest, 'source' | 'recipe'>,
  { sources, reader }: Pick<Ports, 'sources' | 'reader'>,
  signal: AbortSignal,
): Promise<Beside> {
  const files: LocalFile[] = [];
  const release = async () => {
    for (const file of files.splice(0)) await file.release();
  };
  try {
    const subtitles: SubtitleBeside[] = [];
    for (const { path: key, subtitle } of recipeReadsSubtitles(recipe) ? await namesBeside(source, sources) : []) {
      const file = await sources.fetch(key, signal);
      files.push(file);
      const info = await reader.fileInfo(file.path, signal);
      const isText = (isPlainText(subtitle) || /^(ass|ssa)$/.test(subtitle.format)) && info.bytes <= LARGEST_TEXT_BYTES;
      const text = isText ? await sources.read(key) : undefined;
      subtitles.push({ ...subtitle, ...info, source: key, path: file.path, text });
    }
    return { subtitles, release };
  } catch (error) {
    await release();
    throw error;
  }
}

type Named = { readonly path: string; readonly subtitle: SubtitleName };

/** Returns the subtitle files by name, without any that would be published under the name of another. */
async function namesBeside(source: string, sources: Pick<ObjectStore, 'list'>): Promise<readonly Named[]> {
  const there = await filesBeside(besideFilm(source), sources);
  const found = subtitlesOf(
    source,
    there.map(({ key }) => key),
  );
  const taken = new Set<string>();
  return found.filter(({ subtitle: { suffix } }) => {
    const isFirst = !taken.has(suffix.toLowerCase());
    taken.add(suffix.toLowerCase());
    return isFirst;
  });
}

/** Whether a manifest's results were made with exactly these subtitles. */
export function wasMadeWith({ source }: Manifest, subtitles: readonly SubtitleBeside[]): boolean {
  const told = (all: readonly { readonly path: string; readonly sha256: string }[]) =>
    JSON.stringify(all.map(({ path, sha256 }) => `${path} ${sha256}`).sort());
  return told(source.beside ?? []) === told(subtitles.map(({ source: path, sha256 }) => ({ path, sha256 })));
}
