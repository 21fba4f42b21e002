import { EDIT_LIST } from '../bytes/edit-list-box.ts';
import { FURTHER_LAYERS, type MetadataFate, NO_PLACE, SECOND_EYE, WHOLE_SHOWN } from './metadata.ts';

/** Whether a line names a change of the picture itself: of its second eye, of its speed, or of the part that is shown. */
export const isShownOtherwise = ({ name, why }: MetadataFate): boolean =>
  name === EDIT_LIST || why === SECOND_EYE || why === FURTHER_LAYERS || why === WHOLE_SHOWN;

/** Files that say more than this are not made by people. */
const MOST_LINES = 1000;

/** The lines that a manifest lists, which are all but of very many: then those of what is lost come first. */
export function listedFates(fates: readonly MetadataFate[]): readonly MetadataFate[] {
  if (fates.length <= MOST_LINES) return fates;
  const lost = fates.filter(({ fate }) => fate === 'dropped');
  const listed = new Set([...lost, ...fates.filter(({ fate }) => fate !== 'dropped')].slice(0, MOST_LINES));
  return fates.filter((line) => listed.has(line));
}

/** Says how many things are not listed, and what became of them. */
export function unlistedTold(fates: readonly MetadataFate[]): readonly string[] {
  const listed = new Set(listedFates(fates));
  const others = fates.filter((line) => !listed.has(line));
  if (others.length === 0) return [];
  const became = (['kept', 'converted', 'dropped'] as const).flatMap((wanted) => {
    const count = others.filter(({ fate }) => fate === wanted).length;
    return count > 0 ? [`${count} ${wanted}`] : [];
  });
  const all = fates.length;
  return [
    `the manifest lists ${MOST_LINES} of the ${all} things that the film says of itself; the others are ${became.join(', ')}`,
  ];
}

/** Tells people what Matroska had no place for, that a second eye is not there, and that parts play at another speed; nothing where all is kept. */
export function metadataTold(fates: readonly MetadataFate[]): readonly string[] {
  const eyes = [SECOND_EYE, FURTHER_LAYERS].flatMap((lost) =>
    fates.some(({ why }) => why === lost) ? [`${lost}; keep the source`] : [],
  );
  const names = [...new Set(fates.flatMap(({ name, why }) => (why === NO_PLACE ? [name] : [])))];
  const edits = fates.flatMap(({ place, name, why }) =>
    name === EDIT_LIST ? [`the edit list of ${place}: ${why}`] : [],
  );
  if (names.length === 0) return [...eyes, ...edits];
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  const some = `${names.slice(0, 5).join(', ')}${more}`;
  return [
    ...eyes,
    ...edits,
    `Matroska has no place for ${some} of the source; container=mp4 keeps ${names.length === 1 ? 'it' : 'them'}`,
  ];
}
