import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { FFPROBE_ARGUMENTS, parseFfprobe } from '../../core/film/parse-ffprobe.ts';
import type { RawSettings } from '../../core/settings/settings.ts';
import { type FileSays, unprovenLines } from '../../core/verify/line-proof.ts';
import { readMatroska } from '../../media/structure/matroska-description.ts';
import { readMetadata } from '../../media/structure/mp4-metadata.ts';
import { box } from '../fixtures/craft.ts';
import {
  keysOf,
  kindBox,
  listOfMuch,
  markedMovie,
  packed,
  quickTimeText,
  unmarkedMovie,
} from '../fixtures/marked-movie.ts';
import { linesOf, milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings: RawSettings = { ...QUICK, evenIfLarger: 'true' };

/** Lines of the manifest about metadata as one text each. */

/** The tags that mkvextract finds, as "NAME[language]=value". */
const tagsOf = (xml: string): readonly string[] =>
  xml.split('<Simple>').flatMap((part) => {
    const of = (name: string) => new RegExp(`<${name}[^>]*>([^<]*)<`).exec(part)?.[1]?.trim();
    const language = of('TagLanguageIETF');
    const value = of('String') ?? of('Binary');
    if (value === undefined) return [];
    return [`${of('Name')}${language === undefined || language === 'und' ? '' : `[${language}]`}=${value}`];
  });

const copy =
  (...more: readonly string[]) =>
  (from: string, to: string) =>
    run('ffmpeg', ['-v', 'error', '-y', '-i', from, '-c', 'copy', ...more, to]);
const coded =
  (codecs: string, ...more: readonly string[]) =>
  (from: string, to: string) =>
    run('ffmpeg', ['-v', 'error', '-y', '-i', from, ...codecs.split(' '), ...more, to]);
const TEXTS = ['title=the-word-title', 'artist=the-word-artist', 'comment=the-word-comment', 'shelf=the-word-shelf'];
const texts = TEXTS.flatMap((text) => ['-metadata', text]);
const SAID = {
  title: 'the-word-title',
  artist: 'the-word-artist',
  comment: 'the-word-comment',
  shelf: 'the-word-shelf',
};

/** A film of each container, what it says by the names of the lines, and where it goes. */
const FILMS = [
  {
    from: 'mp4',
    make: (from: string, to: string) =>
      markedMovie(from, to, {
        tracks: [[], [box('udta', box('name', Buffer.from('the-word-name')))]],
        movie: [box('udta', listOfMuch(), box('GPMF', Buffer.from('the-word-camera')))],
      }),
    said: { '\u00a9nam': 'The Title', SHELVES: 'lower', name: 'the-word-name', '\u00a9too': 'HandBrake' },
  },
  {
    from: 'mov',
    make: copy('-movflags', 'use_metadata_tags', '-metadata', 'com.apple.quicktime.make=the-word-make', ...texts),
    said: { ...SAID, 'com.apple.quicktime.make': 'the-word-make' },
  },
  { from: 'mkv', make: copy(...texts, '-metadata', 'part=the-word-part'), said: { ...SAID, part: 'the-word-part' } },
  { from: 'webm', make: coded('-c:v libvpx -c:a libopus -deadline realtime', ...texts), said: SAID },
  { from: 'ogv', make: coded('-c:v libtheora -c:a libvorbis', ...texts), said: SAID },
  { from: 'avi', make: copy(...texts.slice(0, 6)), said: { title: SAID.title, artist: SAID.artist } },
  {
    from: 'ts',
    make: copy('-metadata', 'service_name=the-word-service'),
    said: { service_name: 'the-word-service', service_provider: 'FFmpeg' },
  },
];
const DIRECTIONS = [
  'mp4 to mp4',
  'mov to mkv',
  'mkv to mp4',
  'mkv to mkv',
  'webm to mp4',
  'ogv to mkv',
  'avi to mp4',
  'ts to mkv',
].flatMap((direction) =>
  FILMS.flatMap((film) => {
    const [from, container = ''] = direction.split(' to ');
    return film.from === from ? [{ ...film, container }] : [];
  }),
);

describe('what tags become in the other container', () => {
  let folder: string;
  let plain: string;
  const at = (name: string) => join(folder, name);
  beforeAll(async () => {
    folder = await temporaryFolder();
    plain = await unmarkedMovie();
  });

  it('writes into Matroska all that the boxes of an MP4 say, and a line for nothing else', async () => {
    const film = await markedMovie(plain, at('much.mp4'), {
      tracks: [[], [box('udta', box('name', Buffer.from('Kommentar')), kindBox('commentary'))]],
      movie: [
        box(
          'udta',
          listOfMuch(),
          quickTimeText('\u00a9swr', '7.01 of a camera'),
          quickTimeText('\u00a9mak', 'Maker', packed('eng')),
        ),
        keysOf({ 'com.apple.quicktime.model': 'Model 9', 'com.apple.quicktime.software': 'Lavf59.27.100' }),
      ],
    });
    const made = await milledFile(film, { ...settings, container: 'mkv' });
    const { stdout: tags } = await run('mkvextract', [made.path('preserve.mkv'), 'tags']);
    const said = tagsOf(tags);
    const written = [
      'BPM=127',
      'TRACK=3/12',
      'SHELVES=upper',
      'SHELVES=lower',
      'COMMENT[fr]=un mot',
      'ARTIST=An Artist',
    ];
    const more = [
      'KIND=urn:mpeg:dash:role:2011 commentary',
      'SOFTWARE=7.01 of a camera',
      'MAKE[en]=Maker',
      'SEAL=000102ff',
    ];
    const keys = ['com.apple.quicktime.model=Model 9', 'CATALOGUE=box 7', 'TITLE=A Show', 'PART_NUMBER=2'];
    expect(said).toEqual(expect.arrayContaining([...written, ...more, ...keys]));
    expect(tags).not.toContain('Lavf');
    const { stdout } = await run('mkvmerge', ['-J', made.path('preserve.mkv')]);
    const { container, tracks } = JSON.parse(stdout);
    expect(container.properties.title).toBe('The Title');
    expect(tracks[1].properties).toMatchObject({ track_name: 'Kommentar', flag_commentary: true });
    expect(linesOf(made)).toEqual(
      expect.arrayContaining([
        'track 1 | name | converted | written as the name of its track',
        'track 1 | kind | converted | written as a tag of Matroska',
        'movie | tmpo | converted | written as a tag of Matroska',
        'movie | com.apple.quicktime.software | dropped | it names the program that wrote or encoded the source',
        'movie | \u00a9swr | converted | written as a tag of Matroska',
      ]),
    );
    // the check reads the published file anew: it fails where somebody takes a tag or a name away
    const lines = made.manifest.renditions[0]?.metadata ?? [];
    const path = made.path('preserve.mkv');
    expect(unprovenLines(lines, await saidBy(path))).toEqual([]);
    await run('mkvpropedit', ['-q', path, '--edit', 'info', '--delete', 'title']);
    await run('mkvpropedit', ['-q', path, '--edit', 'track:a1', '--delete', 'name']);
    expect(unprovenLines(lines, await saidBy(path))).toEqual(['name of track 1', '\u00a9nam of movie']);
    await run('mkvpropedit', ['-q', path, '--tags', 'all:']);
    expect(unprovenLines(lines, await saidBy(path))).toEqual(
      expect.arrayContaining(['tmpo of movie', 'SHELVES of movie', 'kind of track 1']),
    );
  });

  it.each(DIRECTIONS)(
    'has a line for each thing that is in the file, and for no other: $from to $container',
    async ({ from, make, said, container }) => {
      const source = at(`said.${from}`);
      await make(plain, source);
      const made = await milledFile(source, { ...settings, container });
      const text = await readAll(made.path(`preserve.${container}`));
      const lines = made.manifest.renditions[0]?.metadata ?? [];
      for (const [name, value] of Object.entries(said)) {
        const own = lines.filter((line) => line.name.toLowerCase() === name.toLowerCase());
        expect([name, own.length > 0]).toEqual([name, true]);
        const isSaid = own.some(({ fate }) => fate !== 'dropped');
        expect([name, text.includes(value)]).toEqual([name, isSaid]);
      }
      expect(unprovenLines(lines, await saidBy(made.path(`preserve.${container}`)))).toEqual([]);
    },
  );
});

/** Everything that exiftool, mkvextract and mkvmerge tell of a file. */
async function readAll(path: string): Promise<string> {
  const { stdout: said } = await run('exiftool', ['-a', '-G1', '-s', '-ee', '-b', '-n', '-j', path]);
  if (!path.endsWith('.mkv')) return said;
  const [tags, json] = await Promise.all([run('mkvextract', [path, 'tags']), run('mkvmerge', ['-J', path])]);
  return `${said}${tags.stdout}${json.stdout}`;
}

async function saidBy(path: string): Promise<FileSays> {
  const { signal } = new AbortController();
  const { stdout } = await run('ffprobe', [...FFPROBE_ARGUMENTS, path]);
  const probe = parseFfprobe(JSON.parse(stdout), undefined);
  const [boxes, matroska] = [await readMetadata({ path, probe }, signal), await readMatroska({ path, probe }, signal)];
  return { probe, boxes, matroska, clap: undefined, hasNotes: true };
}
