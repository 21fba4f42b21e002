import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  moveChunks,
  projectionOf,
  requireEquirectangular,
  type Spherical,
  scaledTo,
  sphericalDifferences,
  sphericalIn,
  withSpherical,
} from '../../../core/film/spherical.ts';
import { box, text, u16, u32, u64 } from '../../fixtures/craft.ts';
import { cubemap, sa3d, st3d, sv3d, xmp } from '../../fixtures/spheres.ts';

const entry = (type: string, fixed: number, ...more: readonly Buffer[]) => box(type, Buffer.alloc(fixed), ...more);
const stsd = (...entries: readonly Buffer[]) => box('stsd', u32(0), u32(entries.length), ...entries);
const trak = (handler: string, description: Buffer, tables: Buffer = Buffer.alloc(0), ...more: readonly Buffer[]) =>
  box(
    'trak',
    box('tkhd', Buffer.alloc(84)),
    box(
      'mdia',
      box('hdlr', u32(0), u32(0), text(handler), Buffer.alloc(13)),
      box('minf', box('stbl', description, tables)),
    ),
    ...more,
  );
const chunks = (...offsets: readonly number[]) => box('stco', u32(0), u32(offsets.length), ...offsets.map(u32));
const largeChunks = (...offsets: readonly bigint[]) => box('co64', u32(0), u32(offsets.length), ...offsets.map(u64));

const avcC = box('avcC', Buffer.alloc(7, 1));
const esds = box('esds', Buffer.alloc(30, 2));
const picture = (...more: readonly Buffer[]) => trak('vide', stsd(entry('avc1', 78, avcC, ...more)), chunks(1_000, 50));
const sound = (...more: readonly Buffer[]) =>
  trak('soun', stsd(entry('mp4a', 28, esds, ...more)), largeChunks(2_000n, 20n));
const moov = (...tracks: readonly Buffer[]) =>
  box('moov', box('mvhd', Buffer.alloc(100)), ...tracks, box('udta', text('abcd')));

const NOTHING: Spherical = { st3d: undefined, sv3d: undefined, xmp: undefined, sa3d: new Map() };
const all: Spherical = { st3d: st3d(1), sv3d: sv3d(), xmp: xmp(7680, 3840), sa3d: new Map([[1, sa3d]]) };

describe('what a file says of spheres', () => {
  it('is read back as it was written, and everything else is as it was', () => {
    const plain = moov(picture(), sound());
    const written = withSpherical(plain, all);
    expect(written.readUInt32BE(0)).toBe(written.length);
    expect(sphericalIn(written, 0)).toEqual(all);
    const without = withSpherical(written, NOTHING);
    expect(sphericalIn(without, 0)).toBeUndefined();
    expect(withSpherical(written, all).equals(written)).toBe(true);
  });

  it('is nothing where nothing says so, or another track does', () => {
    expect(sphericalIn(moov(picture(), sound()), 0)).toBeUndefined();
    expect(sphericalIn(moov(sound(), picture(st3d(0), sv3d())), 1)).toMatchObject({ sv3d: sv3d() });
    expect(sphericalIn(moov(picture(), picture(sv3d())), 0)).toBeUndefined();
    expect(sphericalIn(moov(picture()), 7)).toBeUndefined();
  });

  it.each([
    { version: 1, more: 16 },
    { version: 2, more: 36 },
  ])("is found behind QuickTime's sound descriptions of version $version", ({ version, more }) => {
    const fixed = Buffer.concat([Buffer.alloc(8), u16(version), Buffer.alloc(18 + more)]);
    const old = trak('soun', stsd(box('lpcm', fixed, sa3d)));
    expect(sphericalIn(moov(picture(), old), 0)?.sa3d).toEqual(new Map([[1, sa3d]]));
  });

  it('never fails on bytes that anyone may have written', () => {
    const whole = moov(picture(st3d(1), sv3d()), sound(sa3d));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 12 }),
        fc.nat(2),
        (edits, track) => {
          const bytes = Buffer.from(whole);
          for (const [at, value] of edits) bytes[at] = value;
          const found = sphericalIn(bytes, track);
          if (found) projectionOf(found);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('chunks behind a movie box that grew', () => {
  it('are where they were moved to, those before it where they were', () => {
    const bytes = moov(picture(), sound());
    moveChunks(bytes, 900, 77);
    expect(
      bytes.equals(
        moov(
          trak('vide', stsd(entry('avc1', 78, avcC)), chunks(1_077, 50)),
          trak('soun', stsd(entry('mp4a', 28, esds)), largeChunks(2_077n, 20n)),
        ),
      ),
    ).toBe(true);
  });

  it('that a 32-bit offset cannot reach are an error, not another place', () => {
    const bytes = moov(trak('vide', stsd(), chunks(0xffff_fff0)));
    expect(() => moveChunks(bytes, 0, 100)).toThrow(/out of range/); // jest's RangeError is another one
  });
});

describe('a projection', () => {
  it.each([
    { what: 'sv3d', spherical: { ...NOTHING, sv3d: sv3d() }, projection: 'equirectangular' },
    { what: 'sv3d of a cubemap', spherical: { ...NOTHING, sv3d: cubemap }, projection: 'cubemap' },
    { what: 'XMP', spherical: { ...NOTHING, xmp: xmp(2, 1, 'Equirectangular') }, projection: 'equirectangular' },
    { what: 'sv3d before XMP', spherical: { ...NOTHING, sv3d: cubemap, xmp: xmp(2, 1) }, projection: 'cubemap' },
    { what: 'stereo alone', spherical: { ...NOTHING, st3d: st3d(1) }, projection: undefined },
  ])('by $what is $projection', ({ spherical, projection }) => {
    expect(projectionOf(spherical)).toBe(projection);
    const require = () => requireEquirectangular(spherical, 'film.mp4');
    if (projection === 'equirectangular') expect(require).not.toThrow();
    else expect(require).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });

  it('of nothing is refused with what to do', () => {
    expect(() => requireEquirectangular(undefined, 'film.mp4')).toThrow(/film\.mp4 does not say.*inject/);
  });
});

describe('a sphere of another size', () => {
  it('has its pixels counted anew in XMP, and its fractions as they were', () => {
    const scaled = scaledTo(all, { width: 7680, height: 3840 }, { width: 2560, height: 1280 });
    expect(scaled).toEqual({ ...all, xmp: xmp(2560, 1280) });
    expect(scaledTo(all, { width: 10, height: 5 }, { width: 10, height: 5 })).toBe(all);
  });

  it('is told from another by its bytes', () => {
    expect(sphericalDifferences(all, all)).toEqual([]);
    expect(sphericalDifferences(all, undefined)).toEqual(['st3d', 'sv3d', 'xmp', 'SA3D of track 1']);
    expect(sphericalDifferences(all, { ...all, sv3d: cubemap, sa3d: new Map([[2, sa3d]]) })).toEqual([
      'sv3d',
      'SA3D of track 1',
      'SA3D of track 2',
    ]);
  });
});
