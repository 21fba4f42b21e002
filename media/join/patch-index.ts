import { type FileHandle, open } from 'node:fs/promises';
import { type IndexedPart, pictureParts, type SegmentIndex, soundParts } from '../../core/film/fragments.ts';
import { fragmentMap } from '../structure/fragment-map.ts';

const REFERENCE_BYTES = 12;
const SAYS_ACCESS_POINT_OF_TYPE_1 = 0x9000_0000;

/**
 * Corrects the index in a fragmented MP4 of ffmpeg's (sidx, ISO/IEC 14496-12 8.16.3): it claims of all fragments, also of
 * those amid a GOP, that decoding can begin with them, and each track's part leaves out the fragments that hold nothing of
 * that track, so that what follows would be looked for too early. Throws `not-exact` where there are no fragments.
 */
export async function patchIndex(path: string, signal: AbortSignal): Promise<void> {
  const map = await fragmentMap(path, signal);
  const file = await open(path, 'r+');
  try {
    await correct(file, map.index, pictureParts(map));
    await correct(file, map.soundIndex, soundParts(map));
  } finally {
    await file.close();
  }
}

async function correct(
  file: FileHandle,
  index: SegmentIndex | undefined,
  parts: readonly IndexedPart[],
): Promise<void> {
  if (!index || index.references.length !== parts.length) return; // the check of it says so
  for (const [i, reference] of index.references.entries()) {
    const part = parts[i];
    if (!part || agrees(reference, part)) continue;
    const at = index.start + i * REFERENCE_BYTES;
    await file.write(bigEndian(part.end - part.start), 0, 4, at);
    await file.write(bigEndian(part.keyframe ? SAYS_ACCESS_POINT_OF_TYPE_1 : 0), 0, 4, at + 8);
  }
}

type Reference = { readonly bytes: number; readonly startsWithAccessPoint: boolean };

const agrees = ({ bytes, startsWithAccessPoint }: Reference, { start, end, keyframe }: IndexedPart) =>
  bytes === end - start && startsWithAccessPoint === keyframe;

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
