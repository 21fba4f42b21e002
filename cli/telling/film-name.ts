import { withoutApartMark } from '../../core/job/apart-label.ts';
import { companionOf } from '../../core/job/companions.ts';
import { plainStem } from '../../core/job/film-name.ts';
import type { Job, PublishedFile } from '../../core/job/job.ts';
import { HIDDEN_FOLDER, type ResultPlace } from '../../core/job/result-place.ts';
import { nameOf } from '../../core/path-parts.ts';

type PlacedJob = Pick<Job, 'outputPrefix' | 'recipe' | 'source' | 'places'>;
type NamedJob = PlacedJob & ResultPlace & { readonly published: readonly Pick<PublishedFile, 'key'>[] };

/** Returns the name by which people know a film: its own path below the folder that they named. */
export function filmName(job: PlacedJob): string {
  const label = labelOf(job);
  const { places, source } = job;
  return places && label !== source ? withoutApartMark(label, `${places.sources}/${source}`) : label;
}

/**
 * Returns the name of a film's result where that says more than that of the film, since another film, recipe or file has the
 * plain one: `a.Deep.mp4`, or `a.Deep.*` where there are several files. A folder of results has a slash behind its name.
 */
export function resultName(job: NamedJob): string | undefined {
  const path = filmName(job);
  const { films, published } = job;
  if (!films) {
    const label = labelOf(job);
    return label === path ? undefined : `${nameOf(label)}/`;
  }
  if (films.byRendition && films.stem === plainStem(path)) return undefined; // a source's name with a rendition in it is no other one
  const keys = published.map(({ key }) => key);
  if (keys.includes(films.asIs)) return plainStem(films.asIs) === plainStem(path) ? undefined : nameOf(films.asIs);
  if (films.stem === plainStem(path)) return undefined;
  const made = keys.filter((key) => key.startsWith(`${films.stem}.`) && !companionOf(key));
  const [only] = made;
  return nameOf(made.length === 1 && only !== undefined ? only : `${films.stem}.*`);
}

const labelOf = ({ outputPrefix, recipe, source }: PlacedJob): string => {
  const prefix = [`${HIDDEN_FOLDER}/${recipe}/`, `${recipe}/`].find((each) => outputPrefix.startsWith(each));
  return prefix === undefined ? source : outputPrefix.slice(prefix.length);
};
