import { join } from 'node:path';
import { openToolbox, type Toolbox } from '../../media/tools/toolbox.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The ffmpegs on the PATH, of which nothing is known before. */
export async function freshToolbox(signal: AbortSignal): Promise<Toolbox> {
  const cacheFile = join(await temporaryFolder(), 'tools.json');
  const nothing = { candidates: [], namesLibraries: false, madeBy: 'this test' };
  return openToolbox({ ...nothing, searchPath: process.env.PATH ?? '', cacheFile, signal });
}
