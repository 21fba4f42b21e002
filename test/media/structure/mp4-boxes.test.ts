import { describe, expect, it } from '@jest/globals';
import {
  boxAt,
  boxesIn,
  childrenOf,
  findBox,
  type Mp4Box,
  payloadOf,
  payloadStart,
} from '../../../media/structure/mp4-boxes.ts';
import { box, text, u16, u32, u64 } from '../../fixtures/craft.ts';
import { bytesSource } from '../../fixtures/sources.ts';

async function all(boxes: AsyncGenerator<Mp4Box>): Promise<string[]> {
  const found: string[] = [];
  for await (const { type, start, end } of boxes) found.push(`${type} ${start}-${end}`);
  return found;
}

describe('boxAt', () => {
  const large = Buffer.concat([u32(1), text('mdat'), u64(20n), text('data')]);
  const uuid = Buffer.concat([u32(28), text('uuid'), Buffer.alloc(20)]);

  it.each<{ does: string; bytes: Buffer; found: Mp4Box | undefined }>([
    {
      does: 'a 32-bit size',
      bytes: box('free', u32(7)),
      found: { type: 'free', start: 0, headerBytes: 8, size: 12, end: 12, open: false },
    },
    {
      does: 'a 64-bit size',
      bytes: large,
      found: { type: 'mdat', start: 0, headerBytes: 16, size: 20, end: 20, open: false },
    },
    {
      does: 'the longer header of a uuid',
      bytes: uuid,
      found: { type: 'uuid', start: 0, headerBytes: 24, size: 28, end: 28, open: false },
    },
    {
      does: 'a size of 0 as "to the end"',
      bytes: Buffer.concat([u32(0), text('mdat'), u64(0n)]),
      found: { type: 'mdat', start: 0, headerBytes: 8, size: 16, end: 16, open: true },
    },
    {
      does: 'a size past the end as it is claimed',
      bytes: Buffer.concat([u32(1000), text('mdat')]),
      found: { type: 'mdat', start: 0, headerBytes: 8, size: 1000, end: 1000, open: false },
    },
    {
      does: 'no box where the size is less than its header',
      bytes: Buffer.concat([u32(7), text('mdat')]),
      found: undefined,
    },
    { does: 'no box in seven bytes', bytes: box('free').subarray(0, 7), found: undefined },
    { does: 'no box where a 64-bit size is cut', bytes: large.subarray(0, 15), found: undefined },
  ])('reads $does', async ({ bytes, found }) => {
    expect(await boxAt(bytesSource(bytes), 0, bytes.length)).toEqual(found);
  });
});

describe('a walk', () => {
  const moov = box(
    'moov',
    box('mvhd', u32(1)),
    box('trak', box('tkhd', u32(2))),
    box('trak', box('mdia', box('hdlr', u32(3)))),
  );
  const bytes = Buffer.concat([box('ftyp', text('isom')), moov, box('mdat', text('data'))]);
  const source = bytesSource(bytes);

  it('gives every box in order', async () => {
    expect(await all(boxesIn(source, 0, bytes.length))).toEqual(['ftyp 0-12', 'moov 12-80', 'mdat 80-92']);
  });

  it('gives what reaches past the end, and ends with it', async () => {
    expect(await all(boxesIn(bytesSource(bytes.subarray(0, 88)), 0, 88))).toEqual([
      'ftyp 0-12',
      'moov 12-80',
      'mdat 80-92',
    ]);
  });

  it('ends before bytes that are no box', async () => {
    const padded = Buffer.concat([box('free'), u32(3), text('junk'), box('free')]);
    expect(await all(boxesIn(bytesSource(padded), 0, padded.length))).toEqual(['free 0-8']);
  });

  it('goes inside a box, behind the fields it begins with', async () => {
    const dref = box('dref', u32(0), u32(1), box('url ', u32(1)));
    const parent = await boxAt(bytesSource(dref), 0, dref.length);
    expect(parent && (await all(childrenOf(bytesSource(dref), parent, 8)))).toEqual(['url  16-28']);
  });

  it('finds the first box at the end of a path, or none', async () => {
    const parent = (await boxAt(source, 12, bytes.length)) as Mp4Box;
    expect(await findBox(source, parent, 'trak')).toMatchObject({ start: 32 });
    expect(await findBox(source, parent, 'trak', 'tkhd')).toMatchObject({ start: 40 });
    expect(await findBox(source, parent, 'trak', 'nope')).toBeUndefined();
  });
});

describe('a payload', () => {
  const bytes = Buffer.concat([box('free', u16(7), u16(8)), u32(100), text('skip'), u32(9)]);
  const source = bytesSource(bytes);
  const at = async (start: number) => (await boxAt(source, start, bytes.length)) as Mp4Box;

  it('is read whole, or as much of it as is needed', async () => {
    expect(await payloadOf(source, await at(0), 4)).toEqual(Buffer.from([0, 7, 0, 8]));
    expect(await payloadStart(source, await at(0), 2)).toEqual(Buffer.from([0, 7]));
  });

  it('is refused where it is more than the limit, less than needed, or not all there', async () => {
    await expect(payloadOf(source, await at(0), 3)).rejects.toMatchObject({ code: 'bad-input' });
    await expect(payloadStart(source, await at(0), 5)).rejects.toMatchObject({ code: 'bad-input' });
    await expect(payloadOf(source, await at(12), 1000)).rejects.toMatchObject({ code: 'truncated' });
  });
});
