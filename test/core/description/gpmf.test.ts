import { describe, expect, it } from '@jest/globals';
import { isOnEarth, positionsIn as readSample } from '../../../core/description/gpmf.ts';
import { gpxPoint, positionsInTime } from '../../../core/description/gpx.ts';
import { u16, u32 } from '../../fixtures/craft.ts';
import { gps5, gps9, klv } from '../../fixtures/telemetry.ts';

const positionsIn = (sample: Buffer) => readSample(sample).positions;
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
    expect(positionsIn(payload)[0]?.points.filter(isOnEarth)).toEqual([]);
  });
});

describe('a sample', () => {
  const one = gps5('201231235959.500', 3, [PARIS]);
  const other = gps5('210101000000.500', 3, [SYDNEY]);
  it.each<[string, Buffer, boolean, number]>([
    ['is read to its end', Buffer.concat([one, other]), false, 2],
    ['ends at a key of 0, behind which is padding', Buffer.concat([one, Buffer.alloc(9)]), false, 1],
    ['may have less padding than a key', Buffer.concat([one, Buffer.alloc(2)]), false, 1],
    ['of zeros is empty', Buffer.alloc(64), false, 0],
    ['of nothing is empty', Buffer.alloc(0), false, 0],
    ['that is cut short is damaged', Buffer.concat([one, other.subarray(0, -8)]), true, 1],
    ['with other bytes behind it is damaged', Buffer.concat([one, Buffer.from([1, 2, 3])]), true, 1],
    ['of text is damaged', Buffer.from('\n\x04test\n\x04test'), true, 0],
  ])('%s', (_, sample, isDamaged, streams) => {
    const found = readSample(sample);
    expect(found.isDamaged).toBe(isDamaged);
    expect(found.positions.flatMap(({ points }) => points)).toHaveLength(streams);
  });

  it.each([
    '229915120002.000',
    '220230120002.000',
    '220600120002.000',
    '220615240002.000',
    '220615126002.000',
    'not a time here!',
  ])('with the impossible date %s has no time', (utc) => {
    expect(positionsIn(gps5(utc, 3, [PARIS]))[0]).toMatchObject({ time: undefined, points: [PARIS] });
  });

  it('of GPS9 with an impossible time of the day has none', () => {
    const [found] = positionsIn(gps9([{ ...PARIS, days: 8036, seconds: 90_000, fix: 3 }]));
    expect(found?.points).toMatchObject([{ ...PARIS, time: undefined }]);
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
