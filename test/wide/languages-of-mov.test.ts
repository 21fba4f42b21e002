import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { milledFile } from '../support/mill.ts';

/** QuickTime has numbers of its own for some languages; ffmpeg writes no other ones into MOV. */
const LANGUAGES = ['deu', 'ces', 'nld', 'zho', 'ell', 'eng', 'pt-BR', 'gsw'];
const READ = ['deu', 'ces', 'nld', 'zho', 'ell', 'eng', 'por', 'gsw'];
const OTHERS = new Map([
  ['ger', 'deu'],
  ['cze', 'ces'],
  ['dut', 'nld'],
  ['chi', 'zho'],
  ['gre', 'ell'],
]);

it.each(['vj', 'mezzanine'])('%s keeps the languages of all sounds', async (recipe) => {
  const tagged = LANGUAGES.flatMap((language, i) => [`-metadata:s:a:${i}`, `language=${language}`]);
  const source = await makeClip({
    file: 'languages.mkv',
    args: [
      ...['-f', 'lavfi', '-i', 'testsrc2=s=64x48:d=0.4', '-f', 'lavfi', '-i', 'sine=d=0.4', '-map', '0'],
      ...LANGUAGES.flatMap(() => ['-map', '1']),
      ...[...tagged, '-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'pcm_s16le'],
    ],
  });
  const { manifest, path } = await milledFile(source, {}, recipe);
  const file = path(manifest.renditions[0]?.path ?? '');
  const ask = ['-v', 'error', '-select_streams', 'a', '-show_entries', 'stream_tags=language', '-of', 'csv=p=0', file];
  const { stdout } = await promisify(execFile)('ffprobe', ask);
  expect(
    stdout
      .trim()
      .split(/\s+/)
      .map((code) => OTHERS.get(code) ?? code),
  ).toEqual(READ);
  const mediainfo = await promisify(execFile)('mediainfo', ['--Output=Audio;%Language/String3% ', file]);
  expect(
    mediainfo.stdout
      .trim()
      .split(/\s+/)
      .map((code) => OTHERS.get(code) ?? code),
  ).toEqual(READ);
});
