import { EDIT_LIST } from '../bytes/edit-list-box.ts';
import { FURTHER_LAYERS, type MetadataFate, NO_PLACE, SECOND_EYE, WHOLE_SHOWN } from './metadata.ts';

/** Whether a line names a change of the picture itself: of its second eye, of its speed, or of the part that is shown. */
export const isShownOtherwise = ({ name, why }: MetadataFate): boolean =>
  name === EDIT_LIST || why === SECOND_EYE || why === FURTHER_LAYERS || why === WHOLE_SHOWN;

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
