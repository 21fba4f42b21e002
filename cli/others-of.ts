import { type CopyPorts, copyOther } from '../app/copy-others.ts';
import type { LibraryFile } from '../core/ports/library.ts';
import type { Teller } from './teller.ts';

type RunCounts = Readonly<Record<'others' | 'leftOut' | 'copied' | 'results', number>>;

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
  tell({ others, leftOut, copied, results }: RunCounts, { say, skipped }: Pick<Teller, 'say' | 'skipped'>): void {
    if (copied > 0)
      say(`${copied === 1 ? '1 file that is no video was' : `${copied} files that are no videos were`} copied`);
    if (leftOut > 0) skipped(leftOut, 'left out by the options');
    if (results > 0) skipped(results, 'made here before');
    if (others > 0) skipped(others, 'no video');
  },
});
