import { newBox } from '../bytes/boxes.ts';
import { isMovie, type Probe } from '../film/probe.ts';
import type { MetadataBox } from './metadata.ts';
import { keysBox } from './tag-boxes.ts';

/** The key of QuickTime that says when a film was shot, by the clock of the camera. */
const SHOT = 'com.apple.quicktime.creationdate';

/**
 * Returns the boxes of an MP4 or MOV with a key more for when it was shot, where only its pictures tell that (DV): the header mostly
 * says when the tape was copied. A film that has such a key keeps its own.
 */
export function withShotDate(
  boxes: readonly MetadataBox[],
  probe: Pick<Probe, 'format' | 'tags'>,
): readonly MetadataBox[] {
  const value = isMovie(probe) ? probe.tags[SHOT] : undefined;
  if (value === undefined || boxes.some(({ bytes }) => bytes?.includes(SHOT))) return boxes;
  const key = keysBox([{ name: SHOT, values: [{ value, language: undefined }] }]);
  return [...boxes, { place: 'movie', type: 'udta', bytes: newBox('udta', key) }];
}
