import { behindDates } from './boxes.ts';

/**
 * Reads how many seconds a movie or a track lasts by the payload of its `mvhd` or `mdhd`, which begins at `body` (ISO/IEC 14496-12 8.2.2).
 * Returns undefined where it states 0 or is cut off.
 */
export function lengthIn(bytes: Uint8Array, body = 0): number | undefined {
  const isLong = bytes[body] === 1;
  const at = behindDates(bytes, body);
  if (at + (isLong ? 12 : 8) > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const scale = view.getUint32(at);
  const ticks = isLong ? Number(view.getBigUint64(at + 4)) : view.getUint32(at + 4);
  return scale > 0 && ticks > 0 ? ticks / scale : undefined;
}
