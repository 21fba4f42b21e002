import { boxBelow, boxesIn, u32, u64 } from './boxes.ts';
import type { MovieTrack } from './movie.ts';

/** What a fragment holds of one track, in seconds. */
export type TrackRun = {
  readonly track: number;
  readonly from: number;
  /** When its last sample ends, and when the sample that is shown last begins. */
  readonly to: number;
  readonly lastShown: number;
};

/** Reads `moof`, a whole box. */
export function readFragment(bytes: Uint8Array, tracks: readonly MovieTrack[]): readonly TrackRun[] {
  const trafs = boxesIn(bytes, 8, bytes.length).filter(({ type }) => type === 'traf');
  return trafs.map((traf): TrackRun => {
    const tfhd = boxBelow(bytes, traf, 'tfhd');
    const tfdt = boxBelow(bytes, traf, 'tfdt');
    const track = tfhd ? u32(bytes, tfhd.body + 4) : 0;
    const known = tracks.find(({ id }) => id === track);
    const timescale = known?.timescale ?? 1;
    let at = tfdt ? (bytes[tfdt.body] === 1 ? u64(bytes, tfdt.body + 4) : u32(bytes, tfdt.body + 4)) : 0;
    const from = at;
    let [to, lastShown] = [at, at];
    const flags = tfhd ? u32(bytes, tfhd.body) & 0xffffff : 0;
    const usual =
      tfhd && flags & 8
        ? u32(bytes, tfhd.body + 8 + (flags & 1 ? 8 : 0) + (flags & 2 ? 4 : 0))
        : (known?.sampleTicks ?? 0);
    for (const run of boxesIn(bytes, traf.body, traf.end).filter(({ type }) => type === 'trun')) {
      const has = u32(bytes, run.body) & 0xffffff;
      const row = [0x100, 0x200, 0x400, 0x800].filter((flag) => has & flag).length * 4;
      const begin = run.body + 8 + (has & 1 ? 4 : 0) + (has & 4 ? 4 : 0);
      const offsetAt = row - 4;
      for (let i = 0; i < u32(bytes, run.body + 4) && begin + i * row < run.end + (row ? 0 : 1); i++) {
        const lasts = has & 0x100 ? u32(bytes, begin + i * row) : usual;
        const shown = at + (has & 0x800 ? u32(bytes, begin + i * row + offsetAt) | 0 : 0);
        lastShown = Math.max(lastShown, shown);
        to = Math.max(to, shown + lasts);
        at += lasts;
      }
    }
    return { track, from: from / timescale, to: to / timescale, lastShown: lastShown / timescale };
  });
}
