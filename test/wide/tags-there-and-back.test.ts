import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { itemLists } from '../../core/description/item-lists.ts';
import { FFPROBE_ARGUMENTS, parseFfprobe } from '../../core/film/parse-ffprobe.ts';
import type { RawSettings } from '../../core/settings/settings.ts';
import { readMetadata } from '../../media/structure/mp4-metadata.ts';
import { box, text, u8, u16, u32 } from '../fixtures/craft.ts';
import { customItem, markedMovie, packed, quickTimeText, unmarkedMovie } from '../fixtures/marked-movie.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings: RawSettings = { ...QUICK, evenIfLarger: 'true' };

const data = (type: number, value: Buffer) => box('data', u32(type), u32(0), value);
const item = (type: string, ...values: readonly Buffer[]) => box(type, ...values);
const words = (type: string, ...values: readonly string[]) =>
  item(type, ...values.map((value) => data(1, Buffer.from(value, 'utf8'))));
const listOf = (items: readonly Buffer[]) =>
  box('meta', u32(0), box('hdlr', u32(0), u32(0), text('mdir'), Buffer.alloc(12), u8(0)), box('ilst', ...items));
const of = (mean: string, name: string, ...values: readonly Buffer[]) =>
  box('----', box('mean', u32(0), text(mean)), box('name', u32(0), text(name)), ...values);

/** Every item that mutagen writes, in its bytes, and custom ones whose names are those of other things. */
const ITEMS: readonly Buffer[] = [
  ...'©nam ©alb ©ART aART ©wrt ©day ©cmt desc purd ©grp ©gen ©lyr catg keyw cprt soal soaa soar sonm soco sosn tvsh'
    .split(' ')
    .map((type) => words(type, `the value of ${type}`)),
  ...'tvnn tven ldes apID ownr purl egid ©wrk ©mvn ©dir ©con ©nrt ©pub zzzz'
    .split(' ')
    .map((type) => words(type, type)),
  words('xid ', 'Vendor:1'),
  words('©prd', 'One Producer', 'Another; Producer'),
  item('trkn', data(0, Buffer.from([0, 0, 0, 3, 0, 12, 0, 0]))),
  item('disk', data(0, Buffer.from([0, 0, 0, 1, 0, 2]))),
  ...['stik', 'rtng', 'hdvd', 'cpil', 'pgap', 'pcst', 'shwm', 'akID'].map((type) => item(type, data(21, u8(2)))),
  ...['tmpo', '©mvi', '©mvc'].map((type) => item(type, data(21, u16(127)))),
  ...['tvsn', 'tves', 'cnID', 'atID', 'geID', 'sfID', 'cmID'].map((type) => item(type, data(21, u32(70_000)))),
  item('plID', data(21, Buffer.from('0000001234567890', 'hex'))),
  customItem('SHELVES', data(1, text('upper')), data(1, text('lower'))),
  customItem('iTunEXTC', data(1, text('mpaa|PG-13|300|'))),
  customItem('MusicBrainz Track Id', data(1, text('a-b-c'))),
  customItem('SEAL', data(0, Buffer.from([0, 1, 2, 255]))),
  customItem('TITLE', data(1, text('no title of the film'))),
  customItem('TIMECODE', data(1, text('none of this film'))),
  customItem('director', data(1, text('in small letters'))),
  of('org.example', 'SHELVES', data(1, text('of another maker'))),
];

/** Items of a list as hexadecimal digits. */
const hex = (items: readonly Buffer[]) => items.map((bytes) => bytes.toString('hex'));

describe('tags of an MP4 that go to Matroska and come back', () => {
  let folder: string;
  let plain: string;
  const at = (name: string) => join(folder, name);
  beforeAll(async () => {
    folder = await temporaryFolder();
    plain = await unmarkedMovie();
  });

  const there = async (name: string, film: readonly Buffer[]) => {
    const udta = box('udta', ...film);
    const source = await markedMovie(plain, at(`${name}.mp4`), { movie: [udta] });
    const { path } = await milledFile(source, { ...settings, container: 'mkv' });
    return { source, film: path('preserve.mkv') };
  };
  const back = async (film: string) => (await milledFile(film, settings)).path('preserve.mp4');

  it("are iTunes' items of the same types and bytes", async () => {
    const { film } = await there('items', [listOf(ITEMS)]);
    const own = await itemsOf(await back(film));
    expect(hex(own)).toEqual(expect.arrayContaining(hex(ITEMS)));
    expect(own).toHaveLength(ITEMS.length);
  });

  it.each(['mkv', 'webm'] as const)('lose an item whose type has a zero, which is told: %s', async (container) => {
    const odd = ['\0\0\0\u0007', 'a\0bc'].map((type) => words(type, 'odd'));
    const udta = box('udta', listOf([words('©nam', 'Title'), ...odd]));
    const source = await markedMovie(plain, at(`odd-${container}.mp4`), { movie: [udta] });
    const { path, manifest } = await milledFile(source, { ...settings, codec: 'av1', container });
    const { stdout: tags } = await run('mkvextract', [path(`preserve.${container}`), 'tags']);
    expect(tags).not.toContain('odd');
    const why = 'Matroska has no place for it; container=mp4 keeps it';
    for (const name of ['\\x00\\x00\\x00\\x07', 'a\\x00bc'])
      expect(manifest.renditions[0]?.metadata).toContainEqual({ place: 'movie', name, fate: 'dropped', why });
  });

  it.each(['mkv', 'webm'] as const)(
    'are a box with a zero in its type, under a name that can be printed: %s',
    async (container) => {
      const udta = box('udta', box('a\0bc', text('odd words')));
      const source = await markedMovie(plain, at(`zero-${container}.mp4`), { movie: [udta] });
      const { path, manifest } = await milledFile(source, { ...settings, codec: 'av1', container });
      const { stdout: tags } = await run('mkvextract', [path(`preserve.${container}`), 'tags']);
      expect(tags).toMatch(/<Name>a\\x00bc<\/Name>\s*<String>odd words</);
      expect(manifest.renditions[0]?.metadata).toContainEqual(
        expect.objectContaining({ place: 'movie', name: 'a\\x00bc', fate: 'converted' }),
      );
    },
  );

  it('are a genre by its name where they were one by its number', async () => {
    const { film } = await there('genre', [listOf([item('gnre', data(0, u16(18)))])]);
    const { stdout } = await run('mkvextract', [film, 'tags']);
    expect(stdout).toContain('<String>Rock</String>');
    expect(hex(await itemsOf(await back(film)))).toContain(words('©gen', 'Rock').toString('hex'));
  });

  it('are what cameras say in boxes of their own', async () => {
    const threeGpp = (type: string, ...value: readonly Buffer[]) => box(type, u32(0), u16(packed('deu')), ...value);
    const { film, source } = await there('camera', [
      box('date', text('2021-05-04T18:02:08+0200')),
      box('manu', u32(0), u16(0), text('Canon\0')),
      box('modl', u32(0), u16(0), text('SX280\0')),
      threeGpp('coll', text('Sammlung\0')),
      threeGpp('kywd', u8(2), u8(4), text('Berg'), u8(3), text('Tal')),
      quickTimeText('©TIM', '01:02:03:04'),
      quickTimeText('©mal', 'https://example.org', packed('eng')),
      box('@xyz', text('+48.8584+002.2945/')),
      box('slno', text('A-77')),
      box('tagc'),
    ]);
    const { stdout: tags } = await run('mkvextract', [film, 'tags']);
    for (const said of ['2021-05-04T18:02:08+0200', 'Canon', 'SX280', 'Sammlung', 'Berg', 'Tal', '01:02:03:04', 'A-77'])
      expect(tags).toContain(`<String>${said}</String>`);
    expect(tags).toContain('DATE_RECORDED');
    expect(tags).not.toContain('<String></String>');
    expect(tags).not.toContain('MEDIA_CHARACTERISTIC');
    const told = async (path: string, ...names: readonly string[]) => {
      const { stdout } = await run('exiftool', ['-j', '-n', ...names.map((name) => `-${name}`), path]);
      return JSON.parse(stdout)[0];
    };
    const names = ['Make', 'Model', 'GPSCoordinates', 'StartTimecode'];
    expect(await told(await back(film), ...names)).toEqual({
      ...(await told(source, ...names)),
      SourceFile: expect.anything(),
    });
  });
});

describe('a language by BCP 47 in the field for three letters', () => {
  it('is one of three letters in the header of an MP4, and whole beside it', async () => {
    const folder = await temporaryFolder();
    const at = (name: string) => join(folder, name);
    const sources = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-f', 'lavfi', '-i', 'sine=d=0.4'];
    const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac'];
    const languages = ['-metadata:s:v:0', 'language=pt-BR', '-metadata:s:a:0', 'language=en-US'];
    await run('ffmpeg', ['-v', 'error', '-y', ...sources, ...codecs, ...languages, at('film.mkv')]);
    const { path } = await milledFile(at('film.mkv'), settings);
    const shown = ['-v', 'error', '-show_entries', 'stream_tags=language', '-of', 'csv=p=0', path('preserve.mp4')];
    expect((await run('ffprobe', shown)).stdout.trim().split(/\s+/)).toEqual(['por', 'eng']);
    expect((await readFile(path('preserve.mp4'))).includes(box('elng', u32(0), text('en-US\0')))).toBe(true);
  });
});

describe('several values of one name', () => {
  it('stay several from Matroska to MP4 and back', async () => {
    const folder = await temporaryFolder();
    const at = (name: string) => join(folder, name);
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-c:v', 'libx264', '-preset', 'ultrafast'];
    await run('ffmpeg', ['-v', 'error', '-y', ...picture, at('film.mkv')]);
    const tag = (name: string, value: string) => `<Simple><Name>${name}</Name><String>${value}</String></Simple>`;
    const many = [tag('ACTOR', 'One'), tag('ACTOR', 'Two; Three'), tag('ARTIST', 'A'), tag('ARTIST', 'B')].join('');
    await writeFile(at('tags.xml'), `<Tags><Tag>${many}</Tag></Tags>`);
    await run('mkvpropedit', ['-q', at('film.mkv'), '--tags', `global:${at('tags.xml')}`]);
    const { path } = await milledFile(at('film.mkv'), settings);
    const items = hex(await itemsOf(path('preserve.mp4')));
    expect(items).toContain(words('©ART', 'A', 'B').toString('hex'));
    const again = await milledFile(path('preserve.mp4'), { ...settings, container: 'mkv' });
    const { stdout } = await run('mkvextract', [again.path('preserve.mkv'), 'tags']);
    expect(
      [...stdout.matchAll(/<Name>(ACTOR|ARTIST)<\/Name>\s*<String>(.*)<\/String>/g)].map(([, , value]) => value),
    ).toEqual(expect.arrayContaining(['One', 'Two; Three', 'A', 'B']));
    expect(stdout.match(/<Name>ACTOR</g)).toHaveLength(2);
  });
});

it('brings tags of levels, and tags within tags, back from MP4 to Matroska', async () => {
  const folder = await temporaryFolder();
  const at = (name: string) => join(folder, name);
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-c:v', 'libx264', '-preset', 'ultrafast'];
  await run('ffmpeg', ['-v', 'error', '-y', ...picture, '-fflags', '+bitexact', at('film.mkv')]);
  const simple = (name: string, value: string, more = '') =>
    `<Simple><Name>${name}</Name><String>${value}</String>${more}</Simple>`;
  const actors = ['One', 'Two'].map((actor) => simple('ACTOR', actor, simple('CHARACTER', `role of ${actor}`)));
  const season = '<Targets><TargetTypeValue>60</TargetTypeValue></Targets>';
  const own = [...actors, simple('DATE_RELEASED', '1999'), simple('TRACK', 'A1'), simple('BPM', '127.5')].join('');
  await writeFile(at('tags.xml'), `<Tags><Tag>${own}</Tag><Tag>${season}${simple('TITLE', 'A Season')}</Tag></Tags>`);
  await run('mkvpropedit', ['-q', at('film.mkv'), '--tags', `all:${at('tags.xml')}`]);
  const movie = await milledFile(at('film.mkv'), settings);
  const { path } = await milledFile(movie.path('preserve.mp4'), { ...settings, container: 'mkv' });
  const { stdout } = await run('mkvextract', [path('preserve.mkv'), 'tags']);
  const tags = stdout.replace(/\s*\n\s*/g, '').replace(/<TagLanguage.*?>und<.*?>|<DefaultLanguage.*?>.*?<.*?>/g, '');
  expect(tags).toMatch(/<TargetTypeValue>60<.*?<Name>TITLE<\/Name><String>A Season</);
  for (const actor of ['One', 'Two'])
    expect(tags).toContain(simple('ACTOR', actor, simple('CHARACTER', `role of ${actor}`)));
  for (const [name, value] of [
    ['DATE_RELEASED', '1999'],
    ['TRACK', 'A1'],
    ['BPM', '127.5'],
  ]) {
    expect(tags).toContain(simple(name ?? '', value ?? ''));
    expect(tags.split(`>${value}<`)).toHaveLength(2);
  }
});

it('copies tags of Matroska whose level has a number and no word as they are, with their number', async () => {
  const folder = await temporaryFolder();
  const at = (name: string) => join(folder, name);
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-c:v', 'libx264', '-preset', 'ultrafast'];
  await run('ffmpeg', ['-v', 'error', '-y', ...picture, '-fflags', '+bitexact', at('film.mkv')]);
  const tag = (level: number, name: string) =>
    `<Tag><Targets><TargetTypeValue>${level}</TargetTypeValue></Targets><Simple><Name>${name}</Name><String>of ${level}</String></Simple></Tag>`;
  await writeFile(
    at('tags.xml'),
    `<Tags>${[70, 60, 50, 40, 30, 20, 10].map((level) => tag(level, 'TITLE')).join('')}</Tags>`,
  );
  await run('mkvpropedit', ['-q', at('film.mkv'), '--tags', `all:${at('tags.xml')}`]);
  const { path } = await milledFile(at('film.mkv'), { ...settings, container: 'mkv' });
  const levels = async (film: string) =>
    [...(await run('mkvextract', [film, 'tags'])).stdout.matchAll(/<TargetTypeValue>(\d+)|<String>(of \d+)</g)].map(
      ([all]) => all,
    );
  const found = await levels(path('preserve.mkv'));
  expect(found).toEqual(await levels(at('film.mkv')));
  expect(found).toContain('<String>of 70<');
});

/** The items of iTunes' list of an MP4. */
async function itemsOf(path: string): Promise<readonly Buffer[]> {
  const { stdout } = await run('ffprobe', [...FFPROBE_ARGUMENTS, path]);
  const probe = parseFfprobe(JSON.parse(stdout), undefined);
  const lists = itemLists(await readMetadata({ path, probe }, new AbortController().signal));
  return lists.flatMap(({ bytes, items, names }) =>
    names ? [] : items.map(({ start, end }) => bytes.subarray(start, end)),
  );
}
