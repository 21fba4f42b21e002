import { describe, expect, it } from '@jest/globals';
import { packColumns, unpackColumns } from '../../../core/packed-columns.ts';
import { packFilm, unpackFilm } from '../../../core/segments/planned-film.ts';
import { gops, indexOf } from '../../fixtures/films.ts';

const index = indexOf(gops('a', [12, 12, 12]));
const positions = index.pts.map((_, i) => 48 + 900 * i);
const planned = {
  version: '"0123"',
  facts: { main: { codec: 'h264' }, streams: [{ stream: 0, lowest: Number.POSITIVE_INFINITY }] },
  film: {
    bytes: 40_000,
    index,
    map: {
      reading: 'clusters' as const,
      index: [{ start: 0, end: 48 }],
      openingPackets: 7,
      clusters: Float64Array.of(48, 9048),
      description: 'abc',
    },
    places: {
      positions,
      sizes: positions.map(() => 800),
      first: [{ start: 48, end: 848 }],
      ofEach: [{ start: Number.NaN, end: Number.NaN }],
    },
  },
};

describe('a planned film', () => {
  const packed = packFilm(planned);
  const withValue = (change: (value: Record<string, unknown>) => object) => {
    const { value, columns } = unpackColumns(packed);
    return packColumns(change(value as Record<string, unknown>), Object.fromEntries(columns));
  };

  it('is read as it was written', () => {
    expect(unpackFilm(packed)).toEqual(planned);
  });

  it.each([
    { what: 'of another format', bytes: withValue((value) => ({ ...value, format: 0 })) },
    { what: 'without facts', bytes: withValue(({ facts: _, ...value }) => value) },
    {
      what: 'with more pictures than it has',
      bytes: withValue((value) => ({ ...value, index: { ...index, count: 37 } })),
    },
    { what: 'cut off', bytes: packed.slice(0, -8) },
    { what: 'of other bytes', bytes: new TextEncoder().encode('not a film') },
    { what: 'empty', bytes: new Uint8Array() },
  ])('$what is none', ({ bytes }) => {
    expect(unpackFilm(bytes)).toBeUndefined();
  });
});
