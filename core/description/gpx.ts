import type { GpsPoint, Positions } from './gpmf.ts';

export const GPX_HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Reelmill" xmlns="http://www.topografix.com/GPX/1/1">
<trk><trkseg>
`;
export const GPX_TAIL = '</trkseg></trk>\n</gpx>\n';

/**
 * Returns a function that gives positions their times, a payload late: those of one payload lie evenly between its time and that
 * of the next. Positions without a fix are left out. `undefined` ends the track.
 */
export function positionsInTime(): (next: Positions | undefined) => readonly GpsPoint[] {
  let waiting: Positions | undefined;
  let lasts = ONE_SECOND;
  return (next) => {
    const { time, points = [] } = waiting ?? {};
    const until = next?.time;
    if (time !== undefined && until !== undefined && until > time && until - time <= LONGEST_PAYLOAD)
      lasts = until - time;
    const step = lasts / Math.max(1, points.length);
    waiting = next;
    return points
      .map((point, i) => (time === undefined ? point : { ...point, time: Math.round(time + i * step) }))
      .filter(({ fix }) => fix === undefined || fix >= 2);
  };
}

/** Cameras write a payload each second. */
const ONE_SECOND = 1000;
const LONGEST_PAYLOAD = 10 * ONE_SECOND;

/** Returns a point of a track (GPX 1.1). */
export function gpxPoint({ lat, lon, ele, time, fix, dop }: GpsPoint): string {
  const parts = [
    ele !== undefined && `<ele>${ele.toFixed(3)}</ele>`,
    time !== undefined && `<time>${new Date(time).toISOString()}</time>`,
    (fix === 2 || fix === 3) && `<fix>${fix}d</fix>`,
    dop !== undefined && Number.isFinite(dop) && `<pdop>${dop.toFixed(2)}</pdop>`,
  ];
  return `<trkpt lat="${lat.toFixed(7)}" lon="${lon.toFixed(7)}">${parts.filter(Boolean).join('')}</trkpt>\n`;
}
