import { describe, expect, it } from '@jest/globals';
import { readTeletext } from '../../../core/subtitles/read-teletext.ts';
import { fields, filler, head, row } from '../../fixtures/teletext.ts';

const read = (...sent: readonly (readonly [seconds: number, data: Buffer])[]) =>
  readTeletext(
    sent.map(([seconds, data]) => ({ seconds, data })),
    10,
    undefined,
  );

const PAGE = [head({ page: '888' }), row('888', 22, 'Hello'), filler('888')];

describe('subtitles in packets of teletext', () => {
  it('are shown until their page is sent again without a text, and the last one until the film ends', () => {
    const { tracks } = read([1, fields(PAGE)], [3, fields([head({ page: '888' }), filler('888')])], [5, fields(PAGE)]);
    expect(tracks).toEqual([
      {
        channel: 'page 888',
        cues: [
          { startSeconds: 1, endSeconds: 3, text: 'Hello' },
          { startSeconds: 5, endSeconds: 10, text: 'Hello' },
        ],
      },
    ]);
  });

  it('are what stands in boxes, without the row that letters of double height cover', () => {
    const rows = [row('888', 20, 'Tall', [13]), row('888', 21, 'covered'), row('888', 22, 'below')];
    expect(read([1, fields([head({ page: '888' }), ...rows])]).tracks[0]?.cues[0]?.text).toBe('Tall\nbelow');
  });

  it('end where any page of any magazine begins, if magazines are sent one after the other', () => {
    const first = [head({ page: '888', serial: true }), row('888', 22, 'One')];
    const second = [head({ page: '150', serial: true }), row('150', 22, 'Two'), row('888', 23, 'late')];
    const { tracks } = read([1, fields([...first, ...second])]);
    expect(tracks.map(({ channel, cues }) => [channel, cues[0]?.text])).toEqual([
      ['page 150', 'Two'],
      ['page 888', 'One'],
    ]);
  });

  it('stay what they are where one bit of an address is wrong', () => {
    const data = fields(PAGE);
    for (const at of [5, 6, 7]) data.writeUInt8(data.readUInt8(at) ^ 0x10, at);
    expect(read([1, data]).tracks[0]?.cues[0]?.text).toBe('Hello');
  });

  it('are none in bytes that mean nothing', () => {
    const noise = Buffer.from(Array.from({ length: 50_000 }, (_, i) => Math.imul(i + 1, 0x9e37_79b1) >>> 24));
    expect(() => read([1, noise], [2, Buffer.alloc(0)], [3, Buffer.from([0x10, 3])])).not.toThrow();
    const packets = Array.from({ length: 200 }, (_, i) => [...noise.subarray(i * 42, i * 42 + 42)]);
    expect(() => read([1, fields(packets)])).not.toThrow();
  });
});
