import { type MetadataFate, NO_PLACE, SECOND_EYE } from './metadata.ts';

/** Tells people what Matroska had no place for, and that a second eye is not there; nothing where all is kept. */
export function metadataTold(fates: readonly MetadataFate[]): readonly string[] {
  const eyes = fates.some(({ why }) => why === SECOND_EYE) ? [`${SECOND_EYE}; keep the source`] : [];
  const names = [...new Set(fates.flatMap(({ name, why }) => (why === NO_PLACE ? [name] : [])))];
  if (names.length === 0) return eyes;
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  const some = `${names.slice(0, 5).join(', ')}${more}`;
  return [
    ...eyes,
    `Matroska has no place for ${some} of the source; container=mp4 keeps ${names.length === 1 ? 'it' : 'them'}`,
  ];
}
