import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../core/job/manifest.ts';
import { fullMatroska, plainMatroska } from '../fixtures/full-matroska.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { whatBecomes } from '../support/what-becomes.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true', container: 'mkv' };

/** What mkvmerge says of a file. */
const identified = async (path: string) => JSON.parse((await run('mkvmerge', ['-J', path])).stdout);

const attachmentsOf = ({ attachments }: { attachments: readonly Record<string, unknown>[] }) =>
  attachments.map(({ file_name, content_type, size }) => ({ file_name, content_type, size }));

const extracted = async (path: string, what: 'chapters' | 'tags') => (await run('mkvextract', [path, what])).stdout;

const CLOCK = /\d\d:(\d\d):([\d.]{12})/g;

/** Chapters without their times, and their times in seconds. */
const told = (chapters: string) => ({
  text: chapters.replace(CLOCK, ''),
  times: [...chapters.matchAll(CLOCK)].map(([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds)),
});

const cells = (column: number) => whatBecomes().map((row) => row.cells[column]);
const [IN_MP4, IN_MATROSKA] = [cells(0), cells(1)];

/** What the manifest says of streams and metadata, as the table in docs/streams.md says it; those of chapters and editions have their number. */
const linesOf = ({ streams, renditions }: Manifest) =>
  [...streams, ...(renditions[0]?.metadata ?? []).filter(({ name }) => !/^(chapters|editions)/.test(name))].map(
    ({ fate, why }) => `${fate}: ${why}`,
  );

/** When the loudest sample is heard and when the first picture is shown, in seconds of the file. */
async function impulse(path: string) {
  const args = ['-v', 'error', '-i', path, '-map', '0:a:0', '-f', 'f32le', '-'];
  const { stdout } = await run('ffmpeg', args, { encoding: 'buffer', maxBuffer: 2 ** 26 });
  const samples = new Float32Array(stdout.buffer, stdout.byteOffset, stdout.length / 4);
  let loudest = 0;
  for (let i = 0; i < samples.length; i++) if (Math.abs(samples[i] ?? 0) > Math.abs(samples[loudest] ?? 0)) loudest = i;
  const of = async (stream: string) => {
    const shown = [
      '-v',
      'error',
      '-select_streams',
      stream,
      '-show_entries',
      'packet=pts_time',
      '-of',
      'csv=p=0',
      path,
    ];
    return Number((await run('ffprobe', shown)).stdout.split('\n')[0]?.replace(',', ''));
  };
  return loudest / 48_000 + (await of('a:0')) - (await of('v:0'));
}

describe('a film in Matroska that is made into Matroska', () => {
  let folder: string;
  let plain: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    plain = await plainMatroska(folder);
  });

  it.each(['font first', 'cover first'] as const)(
    'keeps attachments, languages, flags, editions and tags, %s',
    async (order) => {
      const source = await fullMatroska(folder, plain, { order });
      const { path, manifest } = await milledFile(source, settings);
      const made = path('preserve.mkv');
      const [before, after] = [await identified(source), await identified(made)];
      expect(after.warnings).toEqual([]);
      expect(attachmentsOf(after)).toEqual(attachmentsOf(before));
      const said = ({ tracks }: { tracks: readonly { type: string; properties: Record<string, unknown> }[] }) =>
        tracks.map(({ type, properties: { uid, language, language_ietf, track_name, ...rest } }) => ({
          ...{ type, uid, language, language_ietf, track_name, default: rest.default_track, forced: rest.forced_track },
          ...{ original: rest.flag_original, commentary: rest.flag_commentary, hearing: rest.flag_hearing_impaired },
        }));
      expect(said(after)).toEqual(said(before));
      expect(said(after)).toMatchObject([
        {},
        { language_ietf: 'pt-BR', original: true, commentary: true, default: false },
        { language_ietf: 'zh-Hant', forced: true, hearing: true, track_name: 'Signs' },
      ]);
      const [chapters, were] = [told(await extracted(made, 'chapters')), told(await extracted(source, 'chapters'))];
      expect(chapters.text).toBe(were.text);
      // the film begins with the delay of Opus, which lies before 0 in the source
      for (const [i, time] of were.times.entries()) expect(chapters.times[i]).toBeCloseTo(time + 0.007, 6);
      expect(after.container.properties.title).toBe('The Episode');
      const tags = await extracted(made, 'tags');
      for (const text of ['The Show', '<TargetTypeValue>60<', 'SORT_WITH', '1999-04-01', '\u00dcn\u00efcode'])
        expect(tags).toContain(text);
      expect(tags).not.toMatch(/mkvmerge|libx264|Lavf/);
      const counts = [...tags.matchAll(/<Name>NUMBER_OF_FRAMES<\/Name>\s*<String>(\d+)/g)].map(([, count]) =>
        Number(count),
      );
      expect(counts).toEqual([25, 51, 1]);
      expect(manifest.renditions[0]?.checks).toContainEqual(
        expect.objectContaining({ name: 'metadata as planned', passed: true }),
      );
      for (const line of linesOf(manifest)) expect(IN_MATROSKA).toContain(line);
      const back = join(folder, 'letters.back');
      const font = after.attachments.find(({ file_name: name }: { file_name: string }) => name === 'letters.ttf').id;
      await run('mkvextract', [made, 'attachments', `${font}:${back}`]);
      expect(await readFile(back, 'utf8')).toBe('the bytes of a font');
    },
  );

  it('keeps Opus where it was through three generations', async () => {
    const places = [await impulse(plain)];
    let source = plain;
    for (let i = 0; i < 3; i++) {
      const { path } = await milledFile(source, settings);
      source = path('preserve.mkv');
      places.push(await impulse(source));
    }
    for (const place of places) expect(Math.abs(place - (places[0] ?? 0))).toBeLessThanOrEqual(0.001);
    const delays = async (path: string) =>
      /Codec-inherent delay: (\S+)/.exec((await run('mkvinfo', [path])).stdout)?.[1];
    expect(await delays(source)).toBe(await delays(plain));
  });

  it('writes its languages, shows and covers into an MP4, and takes them back from there', async () => {
    const source = await fullMatroska(folder, plain, { order: 'cover first' });
    const { path, manifest } = await milledFile(source, { ...settings, container: 'mp4' });
    for (const line of linesOf(manifest)) expect(IN_MP4).toContain(line);
    const editions = { name: 'editions', fate: 'dropped', why: expect.stringContaining('editions left out: 1') };
    expect(manifest.renditions[0]?.metadata).toContainEqual(expect.objectContaining(editions));
    const { stdout } = await run('exiftool', ['-j', '-G1', '-s', '-n', path('preserve.mp4')]);
    const [said] = JSON.parse(stdout);
    expect(said).toMatchObject({
      ...{ 'ItemList:Title': 'The Episode', 'ItemList:TVShow': 'The Show', 'ItemList:TVSeason': 3 },
      ...{ 'ItemList:TVEpisode': 7, 'ItemList:Artist': 'Somebody', 'Keys:SHELF': '\u00dcn\u00efcode' },
    });
    expect((await readFile(path('preserve.mp4'))).includes('elng\0\0\0\0pt-BR\0', 0, 'latin1')).toBe(true);
    const probed = ['-v', 'error', '-show_entries', 'chapter_tags=title', '-of', 'csv=p=0', path('preserve.mp4')];
    expect((await run('ffprobe', probed)).stdout.trim().split('\n')).toEqual(['One', '"One, in it"', 'Two']);
    const back = await milledFile(path('preserve.mp4'), settings);
    const made = await identified(back.path('preserve.mkv'));
    expect(made.tracks).toMatchObject([
      {},
      { properties: { language_ietf: 'pt-BR' } },
      { properties: { language_ietf: 'zh-Hant' } },
    ]);
    expect(made.tracks).toHaveLength(3);
    expect(attachmentsOf(made)).toEqual([
      { file_name: 'cover.jpg', content_type: 'image/jpeg', size: expect.any(Number) },
    ]);
    expect(await extracted(back.path('preserve.mkv'), 'tags')).toMatch(/<TargetTypeValue>70<[\s\S]*The Show/);
  });

  it('keeps the part of the picture that is shown, its shape and its eyes', async () => {
    const source = join(folder, 'shown.mkv');
    await run('ffmpeg', ['-v', 'error', '-y', '-i', plain, '-map', '0:v', '-c', 'copy', source]);
    const set = (name: string, value: number) => ['--set', `${name}=${value}`];
    const shape = [set('display-width', 1281), set('display-height', 720), set('display-unit', 3)].flat();
    await run('mkvpropedit', [source, '--edit', 'track:v1', ...shape, ...set('stereo-mode', 1)]);
    const first = await milledFile(source, settings);
    const video = ({ tracks }: { tracks: readonly { properties: Record<string, unknown> }[] }) => tracks[0]?.properties;
    expect(video(await identified(first.path('preserve.mkv')))).toMatchObject({
      ...{ display_dimensions: '1281x720', display_unit: 3, stereo_mode: 1 },
    });
    await run('mkvpropedit', [
      source,
      '--edit',
      'track:v1',
      ...set('pixel-crop-top', 10),
      ...set('pixel-crop-bottom', 12),
    ]);
    const { path } = await milledFile(source, settings);
    const { stdout } = await run('mkvinfo', [path('preserve.mkv')]);
    expect(stdout).toMatch(
      /Pixel crop top: 10[\s\S]*Pixel crop bottom: 12|Pixel crop bottom: 12[\s\S]*Pixel crop top: 10/,
    );
  });

  it.each([
    { size: '384x216', unit: 0, of: 'pixels that are not its own' },
    { size: '32x18', unit: 1, of: 'centimetres' },
    { size: '16x9', unit: 2, of: 'inches' },
    { size: '16x9', unit: 3, of: 'proportions' },
  ])('keeps how large a picture is shown, in the unit that the source has: $of', async ({ size, unit }) => {
    const source = join(folder, `display-${unit}.mkv`);
    const film = ['-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=25:d=0.2', '-c:v', 'libx264', '-preset', 'ultrafast'];
    await run('ffmpeg', ['-v', 'error', '-y', ...film, source]);
    const [width, height] = size.split('x');
    const set = [`display-width=${width}`, `display-height=${height}`, `display-unit=${unit}`];
    await run('mkvpropedit', [source, '--edit', 'track:v1', ...set.flatMap((each) => ['--set', each])]);
    const { path, manifest } = await milledFile(source, settings);
    const { tracks } = await identified(path('preserve.mkv'));
    expect(tracks[0]?.properties).toMatchObject({ display_dimensions: size, display_unit: unit });
    const line = (lines: typeof manifest) => lines.renditions[0]?.metadata?.find(({ name }) => name === 'display size');
    expect(line(manifest)?.fate).toBe(unit === 3 ? undefined : 'kept');
    const inMp4 = await milledFile(source, { ...settings, container: 'mp4' });
    expect(line(inMp4.manifest)?.fate).toBe(unit === 3 ? undefined : 'dropped');
  });
});

/** The frame rate that the first track of a file states (DefaultDuration), in nanoseconds a frame; undefined where it states none. */
const statedDuration = async (path: string): Promise<number | undefined> =>
  (await identified(path)).tracks[0].properties.default_duration;

describe('the frame rate that Matroska states', () => {
  it.each([
    { rate: '60000/1001', nanoseconds: 16_683_333 },
    { rate: '24', nanoseconds: 41_666_666 },
  ])('is that of a film of $rate pictures a second, whose times are milliseconds', async ({ rate, nanoseconds }) => {
    const film = join(await temporaryFolder(), 'film.mkv');
    const source = `testsrc2=s=64x48:d=2:r=${rate}`;
    await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', source, '-c:v', 'libx264', '-preset', 'ultrafast', film]);
    const { path } = await milledFile(film, settings, 'preserve');
    expect(await statedDuration(path('preserve.mkv'))).toBe(nanoseconds);
  });
});
