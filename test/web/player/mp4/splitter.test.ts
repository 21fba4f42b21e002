import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createFile, MP4BoxBuffer } from 'mp4box';
import { seekPoint, type TrackIndex } from '../../../../web/player/mp4/segment-index.ts';
import { type Piece, splitter } from '../../../../web/player/mp4/splitter.ts';
import { barcodedClip } from '../../../support/barcoded-clip.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

let film: Buffer;
let plain: Buffer;
beforeAll(async () => {
  const folder = await temporaryFolder();
  await barcodedClip({ path: join(folder, 'film.mp4'), clip: 1, frames: 50 });
  await barcodedClip({ path: join(folder, 'plain.mp4'), clip: 1, frames: 10, flags: '+faststart' });
  [film, plain] = await Promise.all([readFile(join(folder, 'film.mp4')), readFile(join(folder, 'plain.mp4'))]);
});

/** What comes out when the bytes come in parts of these lengths, again and again. */
function split(bytes: Uint8Array, lengths: readonly number[]): readonly Piece[] {
  const split = splitter();
  const pieces: Piece[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = lengths[i % lengths.length] ?? 1;
    pieces.push(...split.push(bytes.subarray(at, at + length)));
    at += length;
  }
  return pieces;
}
const mediaOf = (pieces: readonly Piece[]) =>
  Buffer.concat(pieces.flatMap((piece) => ('bytes' in piece ? [piece.bytes] : [])));
const movieIn = (pieces: readonly Piece[]) =>
  pieces.flatMap((piece) => (piece.type === 'movie' ? [piece.movie] : []))[0];
const indexesIn = (pieces: readonly Piece[]): readonly TrackIndex[] =>
  pieces.flatMap((piece) => (piece.type === 'index' ? [piece.index] : []));

describe('a fragmented MP4 that arrives in parts', () => {
  it('gives the same bytes to the buffers, whatever the parts', () => {
    const whole = split(film, [film.length]);
    const begin = film.indexOf('moof') - 4;
    const end = film.indexOf('mfra') < 0 ? film.length : film.indexOf('mfra') - 4;
    expect(Buffer.compare(mediaOf(whole), film.subarray(begin, end))).toBe(0);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 8 }), (lengths) => {
        expect(Buffer.compare(mediaOf(split(film, lengths)), film.subarray(begin, end))).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  it('has the codecs, sizes and times that another reader finds', () => {
    const file = createFile();
    file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(Uint8Array.from(film).buffer, 0));
    file.flush();
    const theirs = file.getInfo().tracks.map(({ id, codec, timescale }) => ({ id, codec, timescale }));
    const ours = movieIn(split(film, [777]))?.tracks.map(({ id, codec, timescale }) => ({ id, codec, timescale }));
    expect(ours?.map(({ codec }) => codec.toLowerCase())).toEqual(theirs.map(({ codec }) => codec?.toLowerCase()));
    expect(ours?.map(({ id, timescale }) => [id, timescale])).toEqual(
      theirs.map(({ id, timescale }) => [id, timescale]),
    );
  });

  it('has the time of its last frame, and an index that points at fragments', () => {
    const pieces = split(film, [1000]);
    const picture = movieIn(pieces)?.tracks.find(({ kind }) => kind === 'picture')?.id;
    const runs = pieces.flatMap((piece) => (piece.type === 'fragment' ? piece.runs : []));
    const shown = runs.filter(({ track }) => track === picture).map(({ lastShown }) => lastShown);
    expect(Math.max(...shown)).toBeCloseTo(49 / 25, 3);
    const indexes = indexesIn(pieces);
    expect(indexes.length).toBeGreaterThan(0);
    for (const { entries } of indexes)
      for (const { start } of entries) expect(film.toString('latin1', start + 4, start + 8)).toBe('moof');
    const point = seekPoint(indexes, 1.5, picture);
    expect(point?.from).toBeLessThanOrEqual(1.5);
    expect(point?.from).toBeGreaterThan(0.9);
  });

  it.each([
    { what: 'an MP4 without fragments', bytes: () => plain, type: 'movie' },
    { what: 'words', bytes: () => Buffer.from('these are only words, and no film at all'), type: 'plain' },
    { what: 'a box that claims to be huge', bytes: () => Buffer.from('7fffffff6d6f6f76', 'hex'), type: 'plain' },
    {
      what: 'a box shorter than its header',
      bytes: () => Buffer.from('000000036d6f6f7600000000', 'hex'),
      type: 'plain',
    },
  ])('$what is told', ({ bytes, type }) => {
    const [first] = split(bytes(), [100_000]);
    expect(first?.type).toBe(type);
    if (first?.type === 'movie') expect(first.movie.isFragmented).toBe(false);
  });

  it('never throws and never hangs on damage', () => {
    fc.assert(
      fc.property(fc.nat(1500), fc.nat(255), (at, byte) => {
        const damaged = Buffer.from(film);
        damaged[at] = byte;
        for (const piece of split(damaged, [4000]))
          if (piece.type === 'index') seekPoint([piece.index], 1, piece.index.track);
      }),
      { numRuns: 300 },
    );
  });
});
