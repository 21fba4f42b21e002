import { describe, expect, it } from '@jest/globals';
import { byShape, changesPixelShape, filtersByShape, shapedParts } from '../../../core/film/shaped-parts.ts';

const WIDE = { num: 64, den: 45 };
const NARROW = { num: 16, den: 15 };
const kind = (sar: { num: number; den: number }, width = 720) =>
  ({ width, height: 576, sar, pixelFormat: 'yuv420p', range: 'tv' }) as const;

describe('the shape of pixels', () => {
  it.each([
    { shapes: undefined, changes: false },
    { shapes: [kind(WIDE), kind(WIDE, 704)], changes: false },
    { shapes: [kind(WIDE), kind(NARROW)], changes: true },
  ])('changes midway, or not: $changes', ({ shapes, changes }) => {
    expect(changesPixelShape(shapes ? { shapes } : {})).toBe(changes);
  });
});

describe('the parts of a film whose pixels have one shape each', () => {
  it('follow each other', () => {
    const runs = [
      { sar: WIDE, frames: 10 },
      { sar: NARROW, frames: 5 },
    ];
    expect(shapedParts(runs, 15)).toEqual([
      { start: 0, end: 10, sar: WIDE },
      { start: 10, end: 15, sar: NARROW },
    ]);
  });

  it('are not guessed where two programs count other frames', () => {
    expect(() => shapedParts([{ sar: WIDE, frames: 10 }], 11)).toThrow(
      expect.objectContaining({ code: 'bad-input', message: expect.stringContaining('11 frames') }),
    );
  });

  it.each([
    { what: 'parts', runs: Array.from({ length: 501 }, (_, i) => ({ sar: i % 2 ? WIDE : NARROW, frames: 1 })) },
    { what: 'shapes', runs: Array.from({ length: 9 }, (_, i) => ({ sar: { num: i + 1, den: 1 }, frames: 1 })) },
  ])('are refused where there are too many $what', ({ runs }) => {
    expect(() => shapedParts(runs, runs.length)).toThrow(expect.objectContaining({ code: 'over-limit' }));
  });
});

describe('filters that have to know the shape of each picture', () => {
  const filter = byShape(['scale=w=iw*sar', 'setsar=64/45']);
  const parts = [
    { start: 0, end: 10, sar: WIDE },
    { start: 10, end: 15, sar: NARROW },
    { start: 15, end: 30, sar: WIDE },
  ];

  it('stand for themselves, and for no other', () => {
    expect(filtersByShape('scale=96:64', parts, 0)).toBeUndefined();
  });

  it('give the frames of each shape their own way', () => {
    expect(filtersByShape(filter, parts, 4)?.split(';')).toEqual([
      'split=2[shape0][shape1]',
      '[shape0]setsar=64/45,scale=w=iw*sar,setsar=64/45[shaped0]',
      '[shape1]setsar=16/15,scale=w=iw*sar,setsar=64/45[other0]',
      "[shaped0][other0]blend=all_mode=normal:all_opacity=0:enable='between(n,6,10)'",
    ]);
  });

  it('go one way where one shape is left', () => {
    expect(filtersByShape(filter, parts, 15)).toBe('setsar=64/45,scale=w=iw*sar,setsar=64/45');
  });

  it('choose among three ways one after the other', () => {
    const third = [...parts, { start: 30, end: 31, sar: { num: 1, den: 1 } }];
    expect(filtersByShape(filter, third, 0)?.split(';').slice(4)).toEqual([
      "[shaped0][other0]blend=all_mode=normal:all_opacity=0:enable='between(n,10,14)'[shaped1]",
      "[shaped1][other1]blend=all_mode=normal:all_opacity=0:enable='between(n,30,30)'",
    ]);
  });
});
