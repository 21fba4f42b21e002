import type { LaidOrder } from '../../app/intake/placing.ts';
import type { LocalPorts } from '../../runtime/local-ports.ts';
import type { NamedFilmsOptions } from './named-films.ts';
import { noResults, resultsAmong } from './results-among.ts';

type Looking = Omit<NamedFilmsOptions, 'onePictureIsFilm' | 'resultsAmong'> & {
  readonly orders: readonly Pick<LaidOrder, 'settings'>[];
  readonly local: Pick<LocalPorts, 'namesIn'>;
  /** Whether films take the place of their sources, so that a film which was published there is a source, too. */
  readonly replaces: boolean | undefined;
};

/** How the films of these orders are looked for, so that `run`, its question before `--replace` and `plan` find the same. */
export function walkOptions({ orders, local, replaces, ...walk }: Looking): NamedFilmsOptions {
  return {
    ...walk,
    onePictureIsFilm: orders.some(({ settings }) => settings.fps !== undefined),
    resultsAmong: replaces ? noResults : resultsAmong(walk.out, local.namesIn(walk.out)),
  };
}
