import { type CopyPorts, copyOther } from '../../app/archive/copy-others.ts';
import { counted } from '../../core/format.ts';
import type { LibraryFile } from '../../core/ports/library.ts';
import { count } from '../../core/report/quality-words.ts';
import type { Teller } from '../telling/teller.ts';
import { printable } from '../terminal/printable.ts';

/** What `--others` takes. */
export const OTHERS = ['skip', 'copy'] as const;

const MAY_BE_ANIMATED = 'may be animated (GIF, APNG, WebP): name them to make films of them';

/** Says of so many pictures of a folder that they are passed over; `where` follows their number. */
export const passedOver = (pictures: number, where = '') => `${count(pictures, 'picture')}${where} ${MAY_BE_ANIMATED}`;

type RunCounts = Readonly<Record<'others' | 'pictures' | 'leftOut' | 'copied' | 'results' | 'taken', number>> & {
  readonly deadLinks: readonly string[];
  /** Files among the others that may be films of kinds that are not read here, by their names. */
  readonly unreadFilms: readonly string[];
};

type Copying = { readonly signal: AbortSignal; fail(source: string, error: unknown): void };

/** Copies files that are no films, and tells how many files of which kind there were. */
export const othersOf = (ports: CopyPorts, { signal, fail }: Copying) => ({
  /** Returns how many files were not there yet. */
  async copy(files: readonly LibraryFile[]): Promise<number> {
    let copied = 0;
    for (const file of files) {
      if (signal.aborted) break;
      try {
        if (await copyOther(file, ports, signal)) copied++;
      } catch (error) {
        fail(file.path, error);
      }
    }
    return copied;
  },
  tell(
    { others, pictures, leftOut, copied, results, taken, deadLinks, unreadFilms }: RunCounts,
    { say, skipped }: Pick<Teller, 'say' | 'skipped'>,
  ): void {
    if (copied > 0)
      say(`${copied === 1 ? '1 file that is no video was' : `${copied} files that are no videos were`} copied`);
    if (taken > 0) say(`${counted(taken, 'subtitle')} taken along`);
    if (deadLinks.length > 0) say(deadLinksLine(deadLinks));
    if (unreadFilms.length > 0) say(unreadFilmsLine(unreadFilms));
    if (leftOut > 0) skipped(leftOut, 'left out by the options');
    if (results > 0) skipped(results, 'made here before');
    const unread = Math.min(others, unreadFilms.length); // none where others are copied
    if (unread > 0) skipped(unread, 'of a kind not read here');
    if (others > unread) skipped(others - unread, 'no video');
    if (pictures > 0) skipped(pictures, MAY_BE_ANIMATED);
  },
});

const MOST_NAMED = 5;

function deadLinksLine(paths: readonly string[]): string {
  return `${paths.length === 1 ? '1 link leads' : `${paths.length} links lead`} nowhere: ${namesOf(paths)}`;
}

function unreadFilmsLine(paths: readonly string[]): string {
  const files = paths.length === 1 ? '1 file may be a film of a kind' : `${paths.length} files may be films of kinds`;
  return `${files} not read here, and nothing was made of ${paths.length === 1 ? 'it' : 'them'} (ffmpeg -i SOURCE -c:v ffv1 -c:a flac NEW.mkv makes a film that is read): ${namesOf(paths)}`;
}

function namesOf(paths: readonly string[]): string {
  const more = paths.length > MOST_NAMED ? ` and ${paths.length - MOST_NAMED} more` : '';
  return `${paths.slice(0, MOST_NAMED).map(printable).join(', ')}${more}`;
}
