import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { beside, broadcast, fields, filler, head, regionOf, row, withTeletext } from '../fixtures/teletext.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { smallLadder } from '../support/small-ladder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };
const GERMAN = 1;
/** A letter of the first set with an acute, in the row of the place that was said before it. */
const [SET_PLACE, ACUTE] = [0x04, 0x12];
const bits = (address: number, mode: number, code: number) => address | (mode << 6) | (code << 11);

/** What is broadcast, by seconds from the film's start. */
const SENT: readonly (readonly [seconds: number, packets: readonly (readonly number[])[]])[] = [
  [0.2, [head({ page: '777', option: GERMAN }), row('777', 20, 'Gr}~e', [13]), row('777', 22, 'an alle')]],
  [0.4, [head({ page: '100', isSubtitle: false }), row('100', 20, 'News of the day')]],
  [0.6, [head({ page: '777', option: GERMAN }), row('777', 20, 'Gr}~e', [13]), row('777', 22, 'an alle')]],
  [1, [head({ page: '777', option: GERMAN })]],
  [1.2, [head({ page: '777', option: GERMAN }), row('777', 22, 'Ende')]],
  [
    1.2,
    [head({ page: '888' }), row('888', 22, 'Ibanez'), beside('888', [bits(62, SET_PLACE, 0), bits(5, ACUTE, 0x6e)])],
  ],
  [1.6, [head({ page: '888' })]],
];

describe('the subtitles of a teletext', () => {
  let folder: string;
  let plain: Buffer;
  beforeAll(async () => {
    folder = await temporaryFolder();
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=2', '-c:v', 'libx264', '-preset', 'ultrafast'];
    const path = join(folder, 'plain.ts');
    await run('ffmpeg', ['-v', 'error', ...picture, '-bf', '0', '-muxdelay', '0', '-muxpreload', '0', path]);
    plain = await readFile(path);
  });

  async function filmOf(name: string, sent: typeof SENT, language?: string): Promise<string> {
    const packets = withTeletext(plain, language === undefined ? {} : { language });
    const path = join(folder, name);
    const { stdout } = await run('ffprobe', [
      ...['-v', 'error', '-show_entries', 'format=start_time', '-of', 'csv=p=0', join(folder, 'plain.ts')],
    ]);
    let count = 0;
    const texts = sent.map(([seconds, data]) => {
      const bytes = broadcast(seconds + Number(stdout), fields([...data, filler('777'), filler('888')]), count);
      count += bytes.length / 188;
      return { at: 3 + Math.floor(((packets.length - 6) * seconds) / 2), bytes };
    });
    const mixed = packets.flatMap((packet, i) => [
      ...texts.filter(({ at }) => at === i).map(({ bytes }) => bytes),
      packet,
    ]);
    await writeFile(path, Buffer.concat(mixed));
    return path;
  }

  const textOf = (text: string) => text.replaceAll('\r', '').trim();

  it.each(['mp4', 'mkv'])(
    'are beside the film as text, each page in a file, as another reader reads them (%s)',
    async (container) => {
      const film = await filmOf(`pages-${container}.ts`, SENT);
      const { path, manifest } = await milledFile(film, { ...settings, container });
      const names = ['stream-1.bin', 'stream-1.page-777.srt', 'stream-1.page-888.srt'];
      expect(manifest.sidecars.map((each) => each.path)).toEqual(names);
      expect(manifest.streams[1]?.why).toContain(
        '; its page 777 of subtitles is in stream-1.page-777.srt, as SubRip; its page 888',
      );
      const first = await readFile(path('stream-1.page-777.srt'), 'utf8');
      expect(textOf(first)).toBe(
        textOf(`1
00:00:00,200 --> 00:00:01,000
Grüße
an alle

2
00:00:01,200 --> 00:00:02,000
Ende`),
      );
      expect(textOf(await readFile(path('stream-1.page-888.srt'), 'utf8'))).toContain(
        '00:00:01,200 --> 00:00:01,600\nIbańez',
      );
      for (const page of ['777', '888']) {
        const own = textOf(await readFile(path(`stream-1.page-${page}.srt`), 'utf8')).split('\n\n');
        const texts = own.map((cue) => cue.split('\n').slice(2).join('\n'));
        expect(await byZvbi(film, page)).toEqual(texts);
      }
    },
  );

  /** The texts of a page, as ffmpeg reads them by another reader. */
  async function byZvbi(film: string, page: string): Promise<readonly string[]> {
    const input = ['-txt_format', 'text', '-txt_page', page, '-i', film, '-map', '0:s'];
    const { stdout } = await run('ffmpeg', ['-v', 'error', ...input, '-f', 'ass', '-']);
    const lines = stdout.split(/\r?\n/).filter((line) => line.startsWith('Dialogue'));
    const texts = lines.map((line) => line.split(',').slice(9).join(',').replaceAll('\\N', '\n').trim());
    return texts.filter((text, i) => text !== texts[i - 1]); // it gives a page each time that it is sent
  }

  it('are read in the letters that the broadcast says, or in those of its language, and named where they are Arabic', async () => {
    const sent = (region?: number, option = 0): typeof SENT => [
      [
        0.2,
        [
          ...(region === undefined ? [] : [regionOf('888', region)]),
          head({ page: '888', option }),
          row('888', 22, 'a@b'),
        ],
      ],
      [1, [head({ page: '888', option })]],
    ];
    const read = async (name: string, film: typeof SENT, language?: string) => {
      const { path, manifest } = await milledFile(await filmOf(name, film, language), settings);
      const there = manifest.sidecars.some((each) => each.path.endsWith('.srt'));
      const text = there
        ? textOf(await readFile(path('stream-1.page-888.srt'), 'utf8'))
            .split('\n')
            .at(-1)
        : undefined;
      return { text, why: manifest.streams[1]?.why };
    };
    expect((await read('said.ts', sent(1))).text).toBe('aąb');
    expect((await read('polish.ts', sent(), 'pol')).text).toBe('aąb');
    expect((await read('english.ts', sent(0), 'pol')).text).toBe('a@b');
    const arabic = await read('arabic.ts', sent(8, 7), 'ara');
    expect(arabic.text).toBeUndefined();
    expect(arabic.why).toContain('its subtitles of page 888, in Arabic letters, are not read');
  });

  it.each([
    { name: 'russian', region: 4, option: 4, sent: 'pRIWET, WSE MYR', text: 'пРИВЕТ, ВСЕ МЪР' },
    {
      name: 'russian and latin',
      region: 4,
      second: 0,
      option: 4,
      sent: 'KANAL\u001bBBC 1\u001bMIR',
      text: 'КАНАЛ BBC 1 МИР',
    },
    { name: 'greek', region: 6, option: 7, sent: 'Jakgl\u007ca', text: 'Καλημόα' },
  ])(
    'are read in $name letters, as another reader reads them',
    async ({ name, region, second, option, sent, text }) => {
      const page = [regionOf('888', region, second), head({ page: '888', option }), row('888', 22, sent)];
      const film = await filmOf(`${name}.ts`, [
        [0.2, page],
        [1, [head({ page: '888', option })]],
      ]);
      const { path } = await milledFile(film, settings);
      expect(textOf(await readFile(path('stream-1.page-888.srt'), 'utf8'))).toMatch(new RegExp(`\\n${text}$`));
      expect(await byZvbi(film, '888')).toEqual([text]);
    },
  );

  it('have their colours and places in a ladder', async () => {
    const page = [head({ page: '888' }), row('888', 20, 'Hello', [6])];
    const film = await filmOf('colours.ts', [
      [0.2, page],
      [1, [head({ page: '888' })]],
    ]);
    const { path, manifest } = await milledFile(film, { preset: 'ultrafast' }, smallLadder);
    const [text] = manifest.subtitles ?? [];
    const written = await readFile(path(text?.path ?? ''), 'utf8');
    expect(written).toContain('line:73.33% position:16% align:start\n<c.cyan>Hello</c>\n');
  });
});
