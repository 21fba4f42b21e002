import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cutOut, type Plane, putIn, type Tile, tiling } from '../../../media/onnx/tiles.ts';

const size = fc.record({ width: fc.integer({ min: 1, max: 110 }), height: fc.integer({ min: 1, max: 110 }) });
const rule = fc.record({ halo: fc.integer({ min: 0, max: 24 }), align: fc.constantFrom(1, 2, 4, 8) });
const mostPixels = fc.integer({ min: 100, max: 8000 });

describe('cutting a picture into tiles', () => {
  it('keeps every pixel once, and gives each tile a halo around its kept part', () => {
    fc.assert(
      fc.property(size, rule, mostPixels, ({ width, height }, { halo, align }, most) => {
        const { window, tiles } = tiling({ width, height }, { halo, align }, most);
        const [right, bottom] = [up(width, align), up(height, align)];
        const kept = new Uint8Array(right * bottom);
        for (const { seen, kept: part } of tiles) {
          expect(seen.right - seen.left).toBe(window.width);
          expect(seen.bottom - seen.top).toBe(window.height);
          expect([seen.left % align, seen.top % align, seen.right % align, seen.bottom % align]).toEqual([0, 0, 0, 0]);
          expect(seen.left).toBeLessThanOrEqual(Math.max(0, part.left - halo));
          expect(seen.top).toBeLessThanOrEqual(Math.max(0, part.top - halo));
          expect(seen.right).toBeGreaterThanOrEqual(Math.min(right, part.right + halo));
          expect(seen.bottom).toBeGreaterThanOrEqual(Math.min(bottom, part.bottom + halo));
          expect(seen.left >= 0 && seen.top >= 0 && seen.right <= right && seen.bottom <= bottom).toBe(true);
          for (let y = part.top; y < part.bottom; y++) {
            for (let x = part.left; x < part.right; x++) kept[y * right + x] = (kept[y * right + x] ?? 0) + 1;
          }
        }
        expect(kept.every((times) => times === 1)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    { does: 'takes a picture that fits as a whole', width: 480, height: 270, most: 1 << 18, windows: 1, overhead: 1.0 },
    { does: 'cuts 1080p with little halo', width: 1920, height: 1080, most: 1 << 18, windows: 10, overhead: 1.07 },
    { does: 'cuts 8K', width: 7680, height: 4320, most: 1 << 18, windows: 150, overhead: 1.1 },
    { does: 'cuts a single pixel', width: 1, height: 1, most: 100, windows: 1, overhead: 4 },
    { does: 'cuts a line', width: 10_000, height: 1, most: 1000, windows: 25, overhead: 2.3 },
  ])('$does', ({ width, height, most, windows, overhead }) => {
    const { window, tiles } = tiling({ width, height }, { halo: 10, align: 2 }, most);
    expect(window.width * window.height).toBeLessThanOrEqual(most);
    expect(tiles.length).toBeLessThanOrEqual(windows);
    expect((window.width * window.height * tiles.length) / (width * height)).toBeLessThanOrEqual(overhead);
  });

  it('uses the smallest windows where none is small enough', () => {
    const { window } = tiling({ width: 100, height: 100 }, { halo: 20, align: 2 }, 10);
    expect(window).toEqual({ width: 42, height: 42 });
  });
});

describe('tiles of a plane', () => {
  it('that are cut out and put in again make the same plane', () => {
    fc.assert(
      fc.property(size, rule, mostPixels, ({ width, height }, { halo, align }, most) => {
        const plane = numbered(width, height);
        const { window, tiles } = tiling({ width, height }, { halo, align }, most);
        const back: Plane = { data: new Uint16Array(width * height), width, height };
        for (const tile of tiles) {
          const data = new Uint16Array(window.width * window.height);
          cutOut(plane, tile.seen, data);
          putIn({ data, ...window }, onlyKept(tile, data, window.width), back);
        }
        expect(Buffer.compare(Buffer.from(back.data.buffer), Buffer.from(plane.data.buffer))).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('repeat the edge where they extend beyond the plane', () => {
    const data = new Uint16Array(4 * 4);
    cutOut(numbered(3, 2), { left: 0, top: 0, right: 4, bottom: 4 }, data);
    expect([...data]).toEqual([0, 1, 2, 2, 3, 4, 5, 5, 3, 4, 5, 5, 3, 4, 5, 5]);
  });
});

const up = (length: number, align: number) => Math.ceil(length / align) * align;

function numbered(width: number, height: number): Plane {
  return { data: Uint16Array.from({ length: width * height }, (_, index) => index), width, height };
}

/** Overwrites the part of a tile that is not kept. */
function onlyKept(tile: Tile, data: Uint16Array, width: number): Tile {
  const { seen, kept } = tile;
  for (const index of data.keys()) {
    const [x, y] = [seen.left + (index % width), seen.top + Math.floor(index / width)];
    if (x < kept.left || x >= kept.right || y < kept.top || y >= kept.bottom) data[index] = 65_535;
  }
  return tile;
}
