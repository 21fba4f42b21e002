import { LIBRARY_PAGE, writeLibraryPage } from '../../app/publish/write-library-page.ts';
import { asServiceError } from '../../core/errors.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { folderBytes } from '../../runtime/folder-bytes.ts';
import type { Teller } from './teller.ts';

type RunClosing = {
  readonly teller: Teller;
  readonly ports: Pick<Ports, 'outputs' | 'clock'>;
  readonly work: string;
  /** The recipes whose results may lie in the folder. */
  readonly recipes: readonly string[];
};

/** Writes the page of all films, also after failures, and tells what the run came to. */
export async function closeRun({ teller, ports, work, recipes }: RunClosing): Promise<void> {
  const reports = (await writtenPage({ teller, ports, recipes })) ? ports.outputs.locate(LIBRARY_PAGE) : undefined;
  teller.end({ reports, work: { folder: work, bytes: await folderBytes(work) } });
}

/** A run that changed nothing leaves the page as it is: reading all manifests of a large library takes seconds. */
async function writtenPage({ teller, ports, recipes }: Omit<RunClosing, 'work'>): Promise<boolean> {
  const { done, kept, failed } = teller.tally();
  try {
    const isThere = (await ports.outputs.head(LIBRARY_PAGE)) !== undefined;
    if (isThere && done.films + kept.films + failed.length === 0) return true;
    await writeLibraryPage(recipes, ports);
    return true;
  } catch (error) {
    teller.say(`warning: the page of all films could not be written: ${asServiceError(error).message}`);
    return false;
  }
}
