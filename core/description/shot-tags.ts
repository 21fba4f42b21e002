import { newBox } from '../bytes/boxes.ts';
import { isMovie, type Probe } from '../film/probe.ts';
import type { MetadataBox } from './metadata.ts';
import { keysBox } from './tag-boxes.ts';
import { userDataBox } from './tag-values.ts';

const PLACE = 'com.apple.quicktime.location.ISO6709';

/** The keys that say when, where and with what camera a film was shot. */
export const SHOT_KEYS: ReadonlySet<string> = new Set([
  ...['com.apple.quicktime.creationdate', 'com.apple.quicktime.make', 'com.apple.quicktime.model', PLACE],
]);

/**
 * Returns the boxes of an MP4 or MOV with keys more for what only its pictures tell (DV, AVCHD): when they were shot by the clock of the
 * camera, since the header mostly says when they were copied, with what camera, and where, which phones look for in `udta`.
 */
export function withShotTags(
  boxes: readonly MetadataBox[],
  probe: Pick<Probe, 'format' | 'toldByPictures'>,
): readonly MetadataBox[] {
  const { location, ...others } = (isMovie(probe) && probe.toldByPictures) || {};
  const told = { ...others, ...(location !== undefined && { [PLACE]: location }) };
  const missing = Object.entries(told).filter(([name]) => !boxes.some(({ bytes }) => bytes?.includes(name)));
  if (missing.length === 0) return boxes;
  const keys = keysBox(missing.map(([name, value]) => ({ name, values: [{ value, language: undefined }] })));
  const place = location === undefined ? [] : [userDataBox('\u00a9xyz', [{ value: location, language: undefined }])];
  return [...boxes, { place: 'movie', type: 'udta', bytes: newBox('udta', keys, ...place) }];
}
