import { open } from 'node:fs/promises';
import { fragmentMap } from './fragment-map.ts';

const REFERENCE_BYTES = 12;
const NO_ACCESS_POINT = Buffer.alloc(4);

/**
 * Takes out of the index of a fragmented MP4 what ffmpeg claims of all fragments, also of those amid a GOP: that decoding
 * can begin with them (sidx, ISO/IEC 14496-12 8.16.3). Throws `not-exact` where there are no fragments.
 */
export async function patchAccessPoints(path: string, signal: AbortSignal): Promise<void> {
  const { index, fragments } = await fragmentMap(path, signal);
  if (!index) return;
  const file = await open(path, 'r+');
  try {
    const shown = fragments.filter(({ pictures }) => pictures > 0);
    for (const [i, { startsWithAccessPoint }] of index.references.entries()) {
      if (!startsWithAccessPoint || shown[i]?.keyframe) continue;
      await file.write(NO_ACCESS_POINT, 0, 4, index.start + i * REFERENCE_BYTES + 8);
    }
  } finally {
    await file.close();
  }
}
