import type { ChosenFile } from '../upload/chosen-file.ts';
import type { Uploads } from '../upload/uploads.ts';
import { type Sorted, type StagedFilm, sortedFiles } from './staged.ts';

type Staged = {
  readonly films: readonly StagedFilm[];
  readonly left: Sorted['left'];
  /** How many of the files that came last went on with an upload of before. */
  readonly takenUp: number;
};

/** The films that were chosen and are not sent yet, kept while the person looks at other pages. */
export type Staging = {
  shown(): Staged;
  subscribe(listener: () => void): () => void;
  change(to: Partial<Staged>): void;
  /** Takes files that came in any way: those that an upload waits for go on with it, the others are shown. */
  take(chosen: readonly ChosenFile[]): Promise<void>;
};

/** Returns the list of films that wait to be uploaded. */
export function createStaging(uploads: Pick<Uploads, 'takeUp'>): Staging {
  const listeners = new Set<() => void>();
  let staged: Staged = { films: [], left: [], takenUp: 0 };
  let count = 0;
  const change = (to: Partial<Staged>) => {
    staged = { ...staged, ...to };
    for (const listener of listeners) listener();
  };
  return {
    shown: () => staged,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change,
    async take(chosen) {
      const others = await uploads.takeUp(chosen);
      const { films, left } = sortedFiles(others);
      const known = new Set(staged.films.map(keyOf));
      const added = films
        .filter((each) => !known.has(keyOf(each)))
        .map((each) => ({ ...each, id: `film-${++count}`, recipe: undefined }));
      change({ films: [...staged.films, ...added], left, takenUp: chosen.length - others.length });
    },
  };
}

const keyOf = ({ path, file }: ChosenFile) => `${path}\n${file.size}\n${file.lastModified}`;
