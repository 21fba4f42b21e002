import { describe, expect, it } from '@jest/globals';
import { positionsIn } from '../../../core/description/gpmf.ts';
import { gpxPoint, positionsInTime } from '../../../core/description/gpx.ts';
import { u16, u32 } from '../../fixtures/craft.ts';
import { gps5, gps9, klv } from '../../fixtures/telemetry.ts';

const PARIS = { lat: 48.8584, lon: 2.2945, ele: 35.5 };
const SYDNEY = { lat: -33.8568, lon: 151.2153, ele: -2 };
const scal = klv('SCAL', 'l', 4, u32(1));
const strm = (...inner: readonly Buffer[]) => klv('DEVC', '\0', 1, klv('STRM', '\0', 1, ...inner));

describe('positions in telemetry', () => {
  it('of GPS5 have one time, one fix and one precision for a payload', () => {
    const [found] = positionsIn(gps5('201231235959.500', 3, [PARIS, SYDNEY]));
    expect(found?.time).toBe(Date.UTC(2020, 11, 31, 23, 59, 59, 500));
    expect(found?.points).toEqual([PARIS, SYDNEY].map((each) => ({ ...each, time: undefined, fix: 3, dop: 1.48 })));
  });

  it('of GPS9 have each its own', () => {
    const [found] = positionsIn(
      gps9([
        { ...PARIS, days: 8036, seconds: 3600.25, fix: 3 },
        { ...SYDNEY, days: 8036, seconds: 3600.35, fix: 0 },
      ]),
    );
    expect(found?.points).toEqual([
      { ...PARIS, time: Date.UTC(2022, 0, 1, 1, 0, 0, 250), fix: 3, dop: 2.15 },
      { ...SYDNEY, time: Date.UTC(2022, 0, 1, 1, 0, 0, 350), fix: 0, dop: 2.15 },
    ]);
  });

  it.each([
    ['bytes that are no GPMF', Buffer.from('AAAAAAAABBBBBBBB')],
    ['a value that reaches past the end', strm(scal, Buffer.concat([Buffer.from('GPS5l'), Buffer.from([20]), u16(9)]))],
    [
      'elements that do not fill their structure',
      strm(scal, klv('TYPE', 'c', 1, Buffer.from('ll')), klv('GPS9', '?', 32, Buffer.alloc(32))),
    ],
    ['a type that nobody knows', strm(scal, klv('GPS5', 'x', 20, Buffer.alloc(20)))],
    ['an element of no bytes', strm(scal, Buffer.concat([Buffer.from('GPS5l'), Buffer.from([0]), u16(3)]))],
  ])('are none in %s', (_, payload) => {
    expect(positionsIn(payload).flatMap(({ points }) => points)).toEqual([]);
  });

  it('that are not on the earth, as by a divisor of 0, are left out', () => {
    const payload = strm(klv('SCAL', 'l', 4, u32(0)), klv('GPS5', 'l', 20, Buffer.alloc(20, 1)));
    expect(positionsIn(payload)[0]?.points).toEqual([]);
  });
});

describe('positions get their times', () => {
  const point = { ...PARIS, time: undefined, fix: 3, dop: undefined };
  it('evenly up to the next payload, the last as the one before, and none without a fix', () => {
    const inTime = positionsInTime();
    const taken = [
      inTime({ time: 10_000, points: [point, point] }),
      inTime({ time: 10_800, points: [point, { ...point, fix: 0 }, point, point] }),
      inTime(undefined),
    ];
    expect(taken.map((each) => each.map(({ time }) => time))).toEqual([[], [10_000, 10_400], [10_800, 11_200, 11_400]]);
  });

  it('and become points of GPX', () => {
    expect(gpxPoint({ ...PARIS, time: 0, fix: 2, dop: 1.5 })).toBe(
      '<trkpt lat="48.8584000" lon="2.2945000"><ele>35.500</ele><time>1970-01-01T00:00:00.000Z</time><fix>2d</fix><pdop>1.50</pdop></trkpt>\n',
    );
    expect(gpxPoint({ ...PARIS, time: undefined, fix: undefined, dop: undefined })).toBe(
      '<trkpt lat="48.8584000" lon="2.2945000"><ele>35.500</ele></trkpt>\n',
    );
  });
});
