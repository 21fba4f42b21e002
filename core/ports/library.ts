import type { FileFacts } from '../library/library-filter.ts';

/** A file in a folder that is read as a library. Its path is below that folder. */
export type LibraryFile = FileFacts & {
  /** The folder that its store of sources has as root, and its key there. They differ from the path only behind a link. */
  readonly folder: string;
  readonly key: string;
  /** When anything about the file was changed last, which no program can set. */
  readonly changedMs: number;
  readonly inode: number;
};

/** The files of one folder of a library, without those of the folders in it. */
export type LibraryFolder = {
  readonly films: readonly LibraryFile[];
  readonly others: readonly LibraryFile[];
  /** How many films were left out because of what was asked. */
  readonly leftOut: number;
  /** How many films are results that were published there before, so that they are no sources. */
  readonly results: number;
  /** Links that lead to nothing. */
  readonly deadLinks: readonly string[];
  /** What could not be read, with the reason. */
  readonly unreadable: readonly { readonly path: string; readonly failure: unknown }[];
};
