import type { GpsPoint } from './gpmf.ts';

/** How many bytes of a block say where the camera was. */
export const DASHCAM_BLOCK = 0x5c;

/** Where a block has what it says: the time, and behind it the status, the hemispheres and the place. */
const LAYOUTS = [0x10, 0x30] as const;
const TIME_BYTES = 24;

/**
 * Reads where a dashcam with a chip of Novatek was, from the beginning of one of its blocks (`freeGPS `), which lie among the pictures
 * of an MP4. Undefined without a fix, and in any other layout: some makers encrypt theirs. (It is not public; as read by ExifTool's
 * QuickTimeStream, the layouts of Viofo, Kenwood and others.)
 */
export function dashcamPoint(block: Buffer): GpsPoint | undefined {
  if (block.length < DASHCAM_BLOCK || block.toString('latin1', 4, 12) !== 'freeGPS ') return undefined;
  const at = LAYOUTS.find((each) =>
    /^A[NS][EW]\0$/.test(block.toString('latin1', each + TIME_BYTES, each + TIME_BYTES + 4)),
  );
  if (at === undefined) return undefined;
  const place = at + TIME_BYTES;
  const signs = block.toString('latin1', place, place + 3);
  const lat = degrees(block.readFloatLE(place + 4)) * (signs[1] === 'S' ? -1 : 1);
  const lon = degrees(block.readFloatLE(place + 8)) * (signs[2] === 'W' ? -1 : 1);
  if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180) || (lat === 0 && lon === 0)) return undefined;
  return { lat, lon, ele: undefined, time: timeAt(block, at), fix: undefined, dop: undefined };
}

/** Degrees times a hundred, and minutes. */
const degrees = (value: number): number => Math.trunc(value / 100) + (value % 100) / 60;

/** The time in UTC. A whole year is that of a camera that tells the time of its own zone, which nobody knows. */
function timeAt(block: Buffer, at: number): number | undefined {
  const [hour = 99, minute = 99, second = 99, year = 0, month = 0, day = 0] = [0, 4, 8, 12, 16, 20].map((each) =>
    block.readUInt32LE(at + each),
  );
  const isTime = hour < 24 && minute < 60 && second < 60 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  return isTime && year > 0 && year < 100 ? Date.UTC(2000 + year, month - 1, day, hour, minute, second) : undefined;
}
