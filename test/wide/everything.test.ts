import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RawSettings } from '../../core/settings/settings.ts';
import { box, u32 } from '../fixtures/craft.ts';
import { replaceBox } from '../fixtures/edits.ts';
import { fullMatroska, plainMatroska } from '../fixtures/full-matroska.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

const ID = '086f3693b7b34f2c965321492feee5b8';
const PLACE = '+48.8584+002.2945/';
const XMP_ID = Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex');
const XMP = box('uuid', XMP_ID, Buffer.from('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'));
const placed = box('\u00a9xyz', Buffer.from([0, PLACE.length, 0x15, 0xc7]), Buffer.from(PLACE));
const CAMERA = box('udta', box('GPMF', Buffer.from('DEVC')), placed, box('FIRM', Buffer.from('HD5.02')));
const VENDOR = box('uuid', Buffer.alloc(16, 7), Buffer.from('of a vendor'));

/** Every recipe, and the settings that make it quick. */
const RECIPES: readonly (readonly [recipe: string, settings: RawSettings])[] = [
  ['preserve', { ...QUICK, evenIfLarger: 'true' }],
  ['preserve', { ...QUICK, evenIfLarger: 'true', container: 'mkv' }],
  ['downscale', { ...QUICK, evenIfLarger: 'true', shortSide: '32' }],
  ['upscale', { ...QUICK, model: 'websr-s-rl' }],
  ['sphere', { ...QUICK, projection: 'equirectangular' }],
  ['mezzanine', {}],
  ['vj', {}],
  ['ladder', { preset: 'ultrafast' }],
];

/** What each film says, by the names that lines of the manifest have for it. */
const SAID = {
  'all.mkv': ['TITLE', 'SHELF', 'ARTIST', 'SEAL', 'chapters', 'LENS', `user data ${ID}`],
  'all.mov': ['GPMF', '\u00a9xyz', 'FIRM', 'XMP', `uuid ${'07'.repeat(16)}`, 'reel_name', 'clap', `user data ${ID}`],
} as const;

const MORE_TAGS = `<?xml version="1.0"?><Tags>
<Tag><Simple><Name>SHELF</Name><String>of a house</String></Simple><Simple><Name>TITLE</Name><String>All</String></Simple>
<Simple><Name>ARTIST</Name><String>Somebody</String></Simple>
<Simple><Name>SEAL</Name><Binary format="hex">00ff</Binary></Simple></Tag>
<Tag><Targets><TrackUID>42</TrackUID></Targets><Simple><Name>LENS</Name><String>wide</String></Simple></Tag></Tags>`;

describe('a film with everything in it', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const ffmpeg = (...args: readonly string[]) => run('ffmpeg', ['-v', 'error', '-y', ...args]);
  beforeAll(async () => {
    folder = await temporaryFolder();
    const message = ['-c', 'copy', '-bsf:v', `h264_metadata=sei_user_data=${ID}+of a camera`];
    const plain = await plainMatroska(folder);
    await ffmpeg('-i', plain, '-map', '0', ...message, at('messages.mkv'));
    const full = await fullMatroska(folder, at('messages.mkv'), { order: 'font first' });
    await run('mv', [full, at('all.mkv')]);
    await writeFile(at('more.xml'), MORE_TAGS);
    const set = ['--edit', 'track:v1', '--set', 'track-uid=42', '--set', 'max-content-light=1000'];
    await run('mkvpropedit', ['-q', at('all.mkv'), ...set]);
    await run('mkvpropedit', ['-q', at('all.mkv'), '--tags', `all:${at('more.xml')}`]);
    const code = ['-timecode', '10:00:00:00', '-metadata:s:v', 'reel_name=A001'];
    await ffmpeg('-i', at('messages.mkv'), '-map', '0:v', '-c', 'copy', ...code, at('plain.mov'));
    const clap = box('clap', ...[150, 1, 80, 1, 0, 1, 0, 1].map(u32));
    const marked = replaceBox(
      await readFile(at('plain.mov')),
      ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd'],
      (stsd) => withInFirst(stsd, clap),
    );
    const described = replaceBox(marked, ['moov'], (moov) => Buffer.concat([moov, CAMERA]));
    await writeFile(at('all.mov'), Buffer.concat([described, XMP, VENDOR]));
  });

  it.each(
    RECIPES.flatMap(([recipe, settings]) =>
      (['all.mkv', 'all.mov'] as const).map((film) => ({
        recipe,
        settings,
        film,
        as: settings.container ?? 'as usual',
      })),
    ),
  )('has a line for each thing: $film through $recipe, $as', async ({ recipe, settings, film }) => {
    const { path, manifest } = await milledFile(at(film), settings, recipe);
    const { stdout } = await run('ffprobe', ['-v', 'error', '-show_streams', '-of', 'json', at(film)]);
    const streams: readonly unknown[] = JSON.parse(stdout).streams;
    expect(manifest.streams.map(({ index }) => index)).toEqual(streams.map((_, index) => index));
    for (const { why } of manifest.streams) expect(why).not.toBe('');
    const lines = manifest.renditions[0]?.metadata;
    if (recipe === 'ladder') {
      const shown = film === 'all.mov' ? [{ name: 'clap', fate: 'dropped' }] : [];
      expect(lines).toMatchObject([
        { fate: 'dropped', why: expect.stringContaining('tells no place and no person') },
        ...shown,
      ]);
      for (const name of await readdir(path('.')))
        if (/\.(mp4|m3u8|mpd)$/.test(name)) expect((await readFile(path(name))).includes('+48.8584')).toBe(false);
      return;
    }
    const names = new Set(lines?.map(({ name }) => name.toLowerCase()));
    expect(SAID[film].filter((name) => !names.has(name.toLowerCase()))).toEqual([]);
    for (const { fate, why } of lines ?? []) expect([fate, why === '']).toEqual([fate, false]);
  });
});

/** Adds a box to the first entry of a picture's sample description. */
function withInFirst(stsd: Buffer, added: Buffer): Buffer {
  const entry = stsd.subarray(8);
  if (entry.toString('latin1', 4, 8) !== 'avc1') return stsd;
  const edited = Buffer.concat([entry, added]);
  edited.writeUInt32BE(edited.length, 0);
  return Buffer.concat([stsd.subarray(0, 8), edited]);
}
