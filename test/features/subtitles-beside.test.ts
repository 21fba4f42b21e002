import { execFile } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { makeClip } from '../support/clip.ts';
import { testMill } from '../support/mill.ts';

const run = promisify(execFile);
const SETTINGS = { preset: 'ultrafast', segmentSeconds: '1', evenIfLarger: true };
const SRT = '1\n00:00:00,100 --> 00:00:00,600\nGood evening\n\n2\n00:00:00,700 --> 99:00:00,000\n<i>The end</i>\n';
const VTT = 'WEBVTT\n\n00:00.200 --> 00:00.800\nOlá\n';
const ASS = `[Script Info]\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\nDialogue: 0,0:00:00.10,0:00:00.90,Default,,0,0,0,,Hi\n`;

type Track = {
  readonly '@type': string;
  readonly Language?: string;
  readonly Format?: string;
  readonly Forced?: string;
  readonly Duration?: string;
};

/** By mediainfo. */
async function textTracks(path: string): Promise<readonly Track[]> {
  const { stdout } = await run('mediainfo', ['--Output=JSON', path]);
  const tracks: readonly Track[] = JSON.parse(stdout).media.track;
  return tracks.filter((track) => track['@type'] === 'Text');
}

/** Of its subtitles, as ffprobe reads them. */
async function flagsOf(path: string): Promise<readonly Readonly<Record<string, number>>[]> {
  const of = ['-select_streams', 's', '-show_entries', 'stream_disposition', '-of', 'json', path];
  const { stdout } = await run('ffprobe', ['-v', 'error', ...of]);
  return JSON.parse(stdout).streams.map(({ disposition }: { disposition: Record<string, number> }) => disposition);
}

async function textOf(path: string, track = 0): Promise<string> {
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', path, '-map', `0:s:${track}`, '-f', 'srt', '-']);
  return stdout;
}

async function filmWith(files: Readonly<Record<string, string | Buffer>>) {
  const mill = await testMill();
  const film = join(mill.folder, 'in', 'film.mp4');
  await makeClip(film, { seconds: 1 });
  const lay = async (more: Readonly<Record<string, string | Buffer>>) => {
    for (const [name, bytes] of Object.entries(more)) await writeFile(join(dirname(film), name), bytes);
  };
  await lay(files);
  const drop = (settings = {}, recipe = 'preserve') => mill.run(film, recipe, { ...SETTINGS, ...settings });
  return { mill, film, lay, drop, remove: (name: string) => rm(join(dirname(film), name)) };
}

describe('a subtitle beside a film', () => {
  it('is a track of the rendition, and lies beside it as it was, under a name that players pair', async () => {
    const { drop } = await filmWith({
      'film.eng.srt': SRT,
      'film.pt-BR.sdh.vtt': VTT,
      'film.de.ass': ASS,
      'film2.srt': SRT,
    });
    const made = await drop();
    const { sidecars, streams, source } = await made.manifest();
    expect(sidecars.map(({ path }) => path).sort()).toEqual([
      'preserve.de.ass',
      'preserve.eng.srt',
      'preserve.pt-BR.sdh.vtt',
    ]);
    for (const [name, text] of [
      ['preserve.eng.srt', SRT],
      ['preserve.pt-BR.sdh.vtt', VTT],
      ['preserve.de.ass', ASS],
    ] as const)
      expect(await readFile(made.path(name), 'utf8')).toBe(text);
    expect(streams.slice(2).map(({ beside, fate, sidecar }) => [beside, fate, sidecar])).toEqual([
      ['film.de.ass', 'kept', 'preserve.de.ass'],
      ['film.eng.srt', 'kept', 'preserve.eng.srt'],
      ['film.pt-BR.sdh.vtt', 'kept', 'preserve.pt-BR.sdh.vtt'],
    ]);
    expect(source.beside?.map(({ path }) => path)).toEqual(['film.de.ass', 'film.eng.srt', 'film.pt-BR.sdh.vtt']);

    const file = made.path('preserve.mp4');
    expect((await textTracks(file)).map(({ Language }) => Language)).toEqual(['en', 'pt']);
    expect(await textOf(file, 0)).toContain('Good evening');
    expect(await textOf(file, 0)).toContain('<i>The end</i>');
    expect(await textOf(file, 1)).toContain('Olá');
    const { stdout } = await run('mediainfo', ['--Inform=General;%Duration%', file]);
    expect(Number(stdout)).toBeLessThan(1_200); // the text that never ends does not make the film as long
    expect((await drop()).outcome.status).toBe('unchanged');
  });

  it('that comes later has the film joined again with nothing encoded, and that goes again, too', async () => {
    const { drop, lay, remove } = await filmWith({});
    await drop();
    await lay({ 'film.eng.forced.srt': SRT });
    const joined = await drop();
    expect(joined.encoded()).toEqual({});
    expect((await joined.manifest()).renditions[0]?.segments).toMatchObject({ encoded: 0, reused: 1 });
    expect(await textTracks(joined.path('preserve.mp4'))).toHaveLength(1);
    expect(await flagsOf(joined.path('preserve.mp4'))).toMatchObject([{ forced: 1, hearing_impaired: 0 }]);
    expect(await readdir(dirname(joined.path('x')))).toContain('preserve.eng.forced.srt');

    await remove('film.eng.forced.srt');
    const without = await drop();
    expect(without.encoded()).toEqual({});
    expect(await textTracks(without.path('preserve.mp4'))).toEqual([]);
    expect(await readdir(dirname(without.path('x')))).not.toContain('preserve.eng.forced.srt');
  });

  it('lies beside the film alone where its pieces are gone: nothing is encoded for it', async () => {
    const { drop, lay, film } = await filmWith({});
    const first = await (await drop()).manifest();
    await rm(join(dirname(film), '..', 'work', 'cache'), { recursive: true });
    await lay({ 'film.eng.srt': SRT });
    const again = await drop();
    expect(again.encoded()).toEqual({});
    const { renditions, streams } = await again.manifest();
    expect(renditions).toEqual(first.renditions);
    expect(await readFile(again.path('preserve.eng.srt'), 'utf8')).toBe(SRT);
    expect(streams.at(-1)).toMatchObject({ beside: 'film.eng.srt', why: expect.stringContaining('not in it') });
    expect((await drop()).outcome.status).toBe('unchanged');
  });

  it('is text in Matroska, too', async () => {
    const { drop } = await filmWith({ 'film.ger.srt': SRT });
    const made = await drop({ container: 'mkv' });
    const { stdout } = await run('mkvmerge', ['-J', made.path('preserve.mkv')]);
    const subtitles = JSON.parse(stdout).tracks.filter(({ type }: { type: string }) => type === 'subtitles');
    expect(subtitles).toEqual([
      expect.objectContaining({ codec: 'SubRip/SRT', properties: expect.objectContaining({ language: 'ger' }) }),
    ]);
    expect(await readFile(made.path('preserve.ger.srt'), 'utf8')).toBe(SRT);
  });

  it('is text in MOV, too', async () => {
    const { film, mill } = await filmWith({ 'film.de.srt': SRT });
    const made = await mill.run(film, 'mezzanine', { profile: 'proxy' });
    expect((await textTracks(made.path('proxy.mov'))).map(({ Language }) => Language)).toEqual(['de']);
    expect(await readFile(made.path('proxy.de.srt'), 'utf8')).toBe(SRT);
  });

  it.each([
    {
      what: 'is in an older code page',
      name: 'film.rus.srt',
      bytes: Buffer.concat([
        Buffer.from('1\n00:00:00,1 --> 00:00:00,9\n'),
        Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]),
      ]),
      text: 'Привет',
    },
    {
      what: 'is no text',
      name: 'film.srt',
      bytes: Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256)),
      text: undefined,
    },
    {
      what: 'is a playlist',
      name: 'film.vtt',
      bytes: Buffer.from('#EXTM3U\n#EXTINF:1\nfile:///etc/passwd\n'),
      text: undefined,
    },
  ])('keeps no film back that $what', async ({ name, bytes, text }) => {
    const { drop } = await filmWith({ [name]: bytes });
    const made = await drop();
    expect(made.outcome.status).toBe('done');
    expect(await readFile(made.path(`preserve.${name.slice('film.'.length)}`))).toEqual(bytes);
    const tracks = await textTracks(made.path('preserve.mp4'));
    expect(tracks).toHaveLength(text === undefined ? 0 : 1);
    if (text !== undefined) expect(await textOf(made.path('preserve.mp4'))).toContain(text);
  });

  it('is taken along by a film that stays as it is because it would grow', async () => {
    const { drop } = await filmWith({ 'film.eng.srt': SRT });
    const made = await drop({ evenIfLarger: false, lossless: false, crf: 23, preset: 'ultrafast' });
    const { streams } = await made.manifest();
    expect(await readFile(made.path('preserve.eng.srt'), 'utf8')).toBe(SRT);
    expect(streams.at(-1)).toMatchObject({ beside: 'film.eng.srt', fate: 'kept' });
  });

  it('stays beside its source where its language is not wanted', async () => {
    const { drop } = await filmWith({ 'film.eng.srt': SRT });
    const { sidecars, streams } = await (await drop({ subtitles: 'ger,none' })).manifest();
    expect(sidecars).toEqual([]);
    expect(streams.at(-1)).toMatchObject({
      beside: 'film.eng.srt',
      fate: 'dropped',
      why: 'subtitles=ger,none leaves it out: its language is eng',
    });
  });
});

describe('subtitles beside a film are on where a name says so', () => {
  it.each([
    { name: 'film.de.vtt', container: 'mp4', isOn: 0 },
    { name: 'film.de.vtt', container: 'mkv', isOn: 0 },
    { name: 'film.de.default.vtt', container: 'mp4', isOn: 1 },
    { name: 'film.de.default.vtt', container: 'mkv', isOn: 1 },
  ])('$name in $container', async ({ name, container, isOn }) => {
    const { drop } = await filmWith({ [name]: VTT, 'film.srt': SRT });
    const { path } = await drop({ container });
    const flags = await flagsOf(path(`preserve.${container}`));
    expect(flags.map((each) => each.default)).toEqual([isOn, 0]);
  });
});
