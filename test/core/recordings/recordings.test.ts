import { describe, expect, it } from '@jest/globals';
import { movesOntoOneClock, type StreamPart } from '../../../core/recordings/recordings.ts';

/** A part that begins at a byte and a time, and whose pictures are shown a tenth of a second after they are decoded. */
const part = (firstByte: number, begin: number, seconds: number): StreamPart => ({
  firstByte,
  lastByte: firstByte + 800,
  firstDts: begin - 0.1,
  endDts: begin + seconds - 0.1,
  firstPts: begin,
  endPts: begin + seconds,
  isBack: firstByte >= 1000,
});
const ahead = (firstByte: number, begin: number, seconds: number) => ({
  ...part(firstByte, begin, seconds),
  isBack: false,
});
const moves = (...streams: (readonly StreamPart[])[]) => movesOntoOneClock(new Map(streams.entries()));

describe('recordings that were joined', () => {
  it('begin where the longest stream of the one before ends, sound and picture together', () => {
    const picture = [part(0, 1, 3), part(1000, 1, 3), part(2000, 51, 3)];
    const sound = [part(100, 1, 2.7), part(1100, 1.5, 3.5), part(2100, 51, 3)];
    expect(moves(picture, sound)).toEqual([
      { fromByte: 1000, ticks: 3 * 90_000, beginsSeconds: 4 },
      { fromByte: 2000, ticks: (4 + 4 - 51) * 90_000, beginsSeconds: 8 },
    ]);
  });

  it('leave no stream a time of decoding that was there before', () => {
    const late = { ...part(0, 1, 3), endDts: 4 }; // without reordering, before one with it
    expect(moves([late, part(1000, 1, 3)])).toMatchObject([{ fromByte: 1000, ticks: Math.ceil(3.1 * 90_000) }]);
  });

  it('need not all have sound', () => {
    const picture = [part(0, 1, 3), part(1000, 1, 3), part(2000, 1, 3)];
    expect(moves(picture, [part(100, 1, 3), part(2100, 1, 3)])).toMatchObject([
      { fromByte: 1000, ticks: 3 * 90_000 },
      { fromByte: 2000, ticks: 6 * 90_000 },
    ]);
  });

  it('are not where one stream pauses while another goes on', () => {
    const goesOn = { ...part(0, 1, 40), lastByte: 2500 };
    expect(moves([part(0, 1, 3), ahead(2000, 20, 3)], [goesOn])).toBeUndefined();
    expect(moves([part(0, 1, 3), part(2000, 20, 3)], [goesOn])).toBeUndefined(); // a clock that goes back alone
    const paused = [part(0, 1, 3), ahead(2000, 20, 21), part(3000, 1, 3)];
    expect(moves(paused, [goesOn, part(3100, 1, 3)])).toEqual([
      { fromByte: 3000, ticks: 40 * 90_000, beginsSeconds: 41 },
    ]);
    expect(moves([part(0, 1, 3), ahead(1000, 20, 3)], [part(100, 1, 3), ahead(1100, 20, 3)])).toMatchObject([
      { fromByte: 1000 },
    ]);
  });

  it('are none where it is not clear at which byte one begins', () => {
    const picture = [part(0, 1, 3), part(1000, 1, 3)];
    expect(moves([part(0, 1, 3)])).toBeUndefined();
    expect(moves(picture, [{ ...part(100, 1, 6), lastByte: 1500 }])).toBeUndefined(); // a sound that goes on
    expect(moves([part(0, 1, 3), { ...part(1000, 1, 3), firstByte: undefined }])).toBeUndefined();
    expect(moves(Array.from({ length: 10_002 }, (_, i) => part(1000 * i, 1, 3)))).toBeUndefined(); // nobody joined so many
  });
});
