import { describe, expect, it } from '@jest/globals';
import { aviTags } from '../../../core/description/avi-tags.ts';

const text = (id: string, value: string, list = 'hdrl') => ({ list, id, bytes: Buffer.from(value, 'latin1') });

/** Exif as the data of a stream: when the film was taken, and by which zone. */
function takenBy(zone: string) {
  const entry = (tag: number, type: number, count: number, value: number) =>
    Buffer.from(new Uint8Array(Uint32Array.of(tag | (type << 16), count, value).buffer));
  const inner = [Buffer.from([2, 0]), entry(0x9003, 2, 20, 48), entry(0x9011, 2, 7, 68), Buffer.alloc(4)];
  const texts = Buffer.from(`2006:01:02 03:04:05\0${zone}\0`);
  const bytes = Buffer.concat([Buffer.from([1, 0]), entry(0x8769, 4, 1, 18), Buffer.alloc(4), ...inner, texts]);
  return { list: 'strl', id: 'strd', bytes: Buffer.concat([Buffer.from('AVIF'), Buffer.alloc(4), bytes]) };
}

it.each([
  ['+05:30', '2006-01-01T21:34:05.000Z'],
  ['-01:00', '2006-01-02T04:04:05.000Z'],
  ['+5 hours', '2006-01-02T03:04:05.000Z'],
  ['+15:00', '2006-01-02T03:04:05.000Z'],
])('the zone of a date in Exif counts, if it is one: %s', (zone, creation_time) => {
  expect(aviTags([takenBy(zone)])).toEqual({ creation_time });
});

describe("the texts of an AVI's header", () => {
  // the forms that ExifTool's RIFF module has seen of cameras
  it.each([
    ['Mon Jan 02 03:04:05 2006\n\0', '2006-01-02T03:04:05.000Z'],
    ['SAT NOV  1 13:04:05 2003\n\0', '2003-11-01T13:04:05.000Z'],
    ['2001/ 1/27  1:42PM\0', '2001-01-27T13:42:00.000Z'],
    ['2001/ 1/27 12:42AM\0', '2001-01-27T00:42:00.000Z'],
    ['2005/11/28/ 09:19\0', '2005-11-28T09:19:00.000Z'],
    ['2002-12-16  15:35:01\0\0', '2002-12-16T15:35:01.000Z'],
    ['2006:01:02 03:04:05', '2006-01-02T03:04:05.000Z'],
  ])('date a film by %j', (idit, creation_time) => {
    expect(aviTags([text('IDIT', idit)])).toEqual({ creation_time });
  });

  it.each(['yesterday', '2006-02-31 00:00:00', 'Mon Foo 02 03:04:05 2006', '2006-01-02 25:00:00'])(
    'stay a tag where they are no date: %j',
    (idit) => {
      expect(aviTags([text('IDIT', idit)])).toEqual({ idit });
    },
  );

  it('tell a time code, by ISMP or by Premiere, and the reel', () => {
    expect(aviTags([text('ISMP', '05:06:07:08\0')])).toEqual({ timecode: '05:06:07:08' });
    expect(aviTags([text('ISMP', 'noon\0')])).toEqual({ ismp: 'noon' });
    expect(aviTags([text('tc_O', '01;02;03;04', 'Tdat'), text('rn_O', 'A001', 'Tdat')])).toEqual({
      ...{ tc_o: '01;02;03;04', reel_name: 'A001' },
    });
  });

  it('are read as UTF-8, or by the page of a machine of their time, and the first of a name counts', () => {
    const info = (id: string, value: Buffer) => ({ list: 'INFO', id, bytes: value });
    const [utf8, page] = [Buffer.from('Fülm\0'), Buffer.from('F\u00fclm \u0096 L\u0092\u009cuvre', 'latin1')];
    expect(
      aviTags([info('INAM', utf8), info('IART', page), info('INAM', page), info('ICMT', Buffer.alloc(2))]),
    ).toEqual({
      ...{ title: 'Fülm', artist: 'Fülm – L’œuvre' },
    });
  });
});
