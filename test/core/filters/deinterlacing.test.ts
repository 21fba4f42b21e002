import { describe, expect, it } from '@jest/globals';
import { filtersFrom } from '../../../core/fields/field-filters.ts';
import type { FilmFields } from '../../../core/fields/film-fields.ts';
import { type Deinterlacing, deinterlacing, deinterlacingFilters } from '../../../core/filters/deinterlacing.ts';
import { fieldsTold } from '../../../core/filters/fields-told.ts';
import { timecodeOfFields } from '../../../core/streams/timecode.ts';

const times = Float64Array.from({ length: 100 }, (_, i) => 40 * i);
const timeBase = { num: 1, den: 1000 };
const ticks = { num: 1, den: 2000 };
const none: FilmFields = { frames: 100, parts: [] };
const whole: FilmFields = { frames: 100, parts: [{ start: 0, end: 100, first: 'tff' }] };
const mixed: FilmFields = {
  frames: 100,
  parts: [
    { start: 0, end: 30, first: 'tff' },
    { start: 60, end: 100, first: 'bff' },
  ],
};
const telecine: FilmFields = {
  frames: 100,
  parts: [
    { start: 0, end: 30, first: 'tff', telecine: true },
    { start: 60, end: 100, first: 'tff', telecine: true },
  ],
};
const telecineAndVideo: FilmFields = { frames: 100, parts: [...telecine.parts.slice(0, 1), ...mixed.parts.slice(1)] };
const late = Float64Array.from(times, (time) => (time > 1000 ? time + 500 : time));

describe('what becomes of the fields of a film', () => {
  it.each<{
    what: string;
    asked?: 'auto' | 'on' | 'off' | 'bob';
    fields: FilmFields;
    at?: Float64Array;
    base?: typeof timeBase;
    isOneForOne?: boolean;
    pixelFormat?: string;
    gives: Deinterlacing | undefined;
  }>([
    { what: 'nothing where nothing is interlaced', fields: none, gives: undefined },
    { what: 'two pictures of each frame', fields: whole, gives: { pictures: 2, first: 'tff', ticks } },
    {
      what: 'two pictures, by parts',
      fields: mixed,
      gives: { pictures: 2, first: 'bff', ticks, parts: mixed.parts },
    },
    {
      what: 'of every frame where ticks are too fine for a choice',
      fields: mixed,
      base: { num: 1, den: 10_000_000 },
      gives: { pictures: 2, first: 'bff', ticks: { num: 1, den: 20_000_000 } },
    },
    {
      what: 'the second picture half a usual frame later where frames come late',
      fields: whole,
      at: late,
      gives: { pictures: 2, first: 'tff', ticks, latest: { num: 40, den: 2000 } },
    },
    {
      what: 'one whole picture of each frame of telecine',
      fields: telecine,
      gives: { pictures: 1, first: 'tff', telecine: telecine.parts },
    },
    {
      what: 'one whole picture of each frame of a film that is telecine from its first frame to its last',
      fields: { frames: 100, parts: [{ start: 0, end: 100, first: 'bff', telecine: true }] },
      gives: { pictures: 1, first: 'bff', telecine: 'all' },
    },
    {
      what: 'two pictures where film and video alternate',
      fields: telecineAndVideo,
      gives: { pictures: 2, first: 'bff', ticks, parts: telecineAndVideo.parts },
    },
    {
      what: 'two pictures of telecine with more bits than fields can be matched in',
      fields: telecine,
      pixelFormat: 'yuv422p10le',
      gives: { pictures: 2, first: 'tff', ticks, parts: telecine.parts },
    },
    {
      what: 'two pictures of telecine by bob',
      asked: 'bob',
      fields: telecine,
      gives: { pictures: 2, first: 'tff', ticks },
    },
    { what: 'one picture with new times', fields: whole, isOneForOne: true, gives: { pictures: 1 } },
    {
      what: 'one picture where two frames have one time',
      fields: whole,
      at: Float64Array.from(times, (time) => Math.max(40, time)),
      gives: { pictures: 1 },
    },
    { what: 'one picture by on, whatever was found', asked: 'on', fields: none, gives: { pictures: 1 } },
    {
      what: 'two by bob, in the order of the flags',
      asked: 'bob',
      fields: none,
      gives: { pictures: 2, first: 'auto', ticks },
    },
    { what: 'nothing by off', asked: 'off', fields: none, gives: undefined },
    { what: 'fields by off', asked: 'off', fields: mixed, gives: { pictures: 0, first: 'bff' } },
  ])('$what', ({ asked, fields, at = times, base = timeBase, isOneForOne = false, pixelFormat = 'yuv420p', gives }) => {
    const film = { fields, times: at, timeBase: base, pixelFormat };
    expect(deinterlacing(asked ? { deinterlace: asked } : {}, film, { isOneForOne })).toEqual(gives);
  });

  it('is told with its cost, and with the parts', () => {
    const told = (done: Deinterlacing | undefined) =>
      fieldsTold({ name: 'preserve', done, framesPerSecond: 25, isInterlaced: true, secondsAt: (frame) => frame / 25 });
    expect(told(undefined)).toEqual([]);
    expect(told({ pictures: 2, first: 'bff', ticks, parts: mixed.parts })).toEqual([
      'preserve has a picture of each field, 50 a second of 25 frames, which takes about twice the encoding time (deinterlace=on makes one of each frame); the film is interlaced from 0:00 to 0:01, 0:02 to 0:04, and all other frames are shown twice as they are',
    ]);
    expect(told({ pictures: 1, first: 'tff', telecine: 'all' })[0]).toContain('one whole film picture of each frame');
    expect(told({ pictures: 1 })[0]).toContain('one picture of each interlaced frame');
    expect(told({ pictures: 0, first: 'tff' })[0]).toContain('the top one first');
  });
});

describe('the filters of a film with parts', () => {
  const filters = deinterlacingFilters({ pictures: 2, first: 'bff', ticks, parts: mixed.parts }).filters;

  it('count their pictures from the frame at which a decode begins', () => {
    const [from50] = filtersFrom({ filters, interlacedParts: mixed.parts }, 50);
    expect(from50).toContain("enable='not(between(n,20,99))'");
    expect(from50).toContain('parity=bff');
    expect(from50).not.toContain('parity=tff');
    const [from0] = filtersFrom({ filters, interlacedParts: mixed.parts }, 0);
    expect(from0).toContain("enable='not(between(n,0,59)+between(n,120,199))'");
    expect(from0).toContain("enable='(between(n,0,59))'");
  });

  it('match the fields of telecine in its parts alone', () => {
    const done = deinterlacing(
      {},
      { fields: telecine, times, timeBase, pixelFormat: 'yuv420p' },
      { isOneForOne: false },
    );
    const [match] = filtersFrom({ ...deinterlacingFilters(done), interlacedParts: telecine.parts }, 20);
    expect(match).toContain('fieldmatch=order=tff');
    expect(match).toContain("enable='not(between(n,0,9)+between(n,40,79))'");
  });

  it('leave other filters alone', () => {
    expect(filtersFrom({ filters: ['scale=2:2'] }, 7)).toEqual(['scale=2:2']);
  });
});

describe('a timecode of two pictures a frame', () => {
  it.each([
    ['01:00:00:12', '01:00:00:24'],
    ['00:01:00;02', '00:01:00;04'],
    ['10:00:00:00', '10:00:00:00'],
  ])('counts twice as far: %s is %s', (frames, pictures) => expect(timecodeOfFields(frames)).toBe(pictures));
});
