import { usage } from '../../core/errors.ts';
import { readListOfFiles } from '../../runtime/list-of-files.ts';

/** Returns the names in the list of `--from-file`. Throws `usage` if nothing at all is named. */
export async function fromFile(list: string | undefined, alreadyNamed: number): Promise<readonly string[]> {
  if (list === undefined) {
    if (alreadyNamed === 0)
      throw usage("missing required argument 'file': name files or folders, or a list of them with --from-file");
    return [];
  }
  return readListOfFiles(list);
}
