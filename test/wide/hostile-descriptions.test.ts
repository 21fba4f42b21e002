import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { newElement } from '../../core/bytes/ebml.ts';
import { MKV } from '../../core/bytes/matroska-ids.ts';
import { captionPairs, withCaptions } from '../fixtures/captions.ts';
import { box, boxes } from '../fixtures/craft.ts';
import { replaceBox } from '../fixtures/edits.ts';
import { dolbyConfiguration, rpu, withUnits } from '../fixtures/picture-notes.ts';
import { manyChapters, rebuiltMatroska, simple, tag } from '../fixtures/rebuilt-matroska.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };
const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.8'];

describe('what no camera says, and a file may all the same', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const ffmpeg = (...args: readonly string[]) => run('ffmpeg', ['-v', 'error', '-y', ...args]);
  beforeAll(async () => {
    folder = await temporaryFolder();
    const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-x264-params', 'slices=1:threads=1'];
    await ffmpeg(...PICTURE, ...h264, '-pix_fmt', 'yuv420p', at('plain.h264'));
    await ffmpeg('-r', '25', '-i', at('plain.h264'), '-c', 'copy', at('plain.mkv'));
    await ffmpeg('-r', '25', '-i', at('plain.h264'), '-c', 'copy', at('plain.mp4'));
  });

  it.each(['mp4', 'mkv'])('takes 100,000 chapters over into %s', async (container) => {
    const source = await rebuiltMatroska(at('plain.mkv'), at('chapters.mkv'), manyChapters(100_000));
    const { path, manifest } = await milledFile(source, { ...settings, container });
    if (container === 'mp4') {
      const shown = ['-v', 'error', '-show_entries', 'chapter=id', '-of', 'csv=p=0', path('preserve.mp4')];
      const { stdout } = await run('ffprobe', shown, { maxBuffer: 2 ** 26 });
      expect(stdout.trim().split('\n')).toHaveLength(100_000);
      return;
    }
    expect(manifest.renditions[0]?.metadata?.find(({ name }) => name === 'chapters')?.fate).toBe('kept');
    const { stdout } = await run('mkvmerge', ['-J', path('preserve.mkv')], { maxBuffer: 2 ** 26 });
    expect(JSON.parse(stdout).chapters).toEqual([{ num_entries: 100_000 }]);
  });

  it('names tags of 200 MB, and keeps the rest', async () => {
    const large = Array.from({ length: 25 }, () => tag(simple('NOTE', 'x'.repeat(2 ** 23))));
    const tags = newElement(MKV.Tags, tag(simple('SHELF', 'kept')), ...large);
    const source = await rebuiltMatroska(at('plain.mkv'), at('tags.mkv'), tags);
    const { path, manifest } = await milledFile(source, settings);
    const lines = manifest.renditions[0]?.metadata ?? [];
    expect(lines.filter(({ why }) => why === 'it is larger than any real one')).toHaveLength(25);
    expect((await run('exiftool', ['-Keys:all', path('preserve.mp4')])).stdout).toMatch(/SHELF +: kept/);
  });

  it.each(['mp4', 'ts', 'mov'])('ends a caption that never ends with the film: %s', async (container) => {
    const long = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=3.2', '-c:v', 'libx264', '-preset', 'ultrafast'];
    const alone = ['-bf', '0', '-x264-params', 'slices=1:threads=1', '-pix_fmt', 'yuv420p'];
    await ffmpeg(...long, ...alone, at('long.h264'));
    const said = captionPairs(80, [{ text: 'HELLO', from: 60, to: 100_000 }]).slice(0, 80);
    await writeFile(at('captioned.h264'), withCaptions(await readFile(at('long.h264')), said));
    await ffmpeg('-r', '25', '-i', at('captioned.h264'), '-c', 'copy', at(`captioned.${container}`));
    if (container === 'mov') {
      // the same captions in a track of their own
      const inside = ['-f', 'lavfi', '-i', 'movie=captioned.mp4[out0+subcc]'];
      const both = [
        '-r',
        '25',
        '-i',
        'long.h264',
        ...inside,
        '-map',
        '0:v',
        '-map',
        '1:s',
        '-c',
        'copy',
        'captioned.mov',
      ];
      await run('ffmpeg', ['-v', 'error', '-y', ...both], { cwd: folder });
    }
    const { path, manifest } = await milledFile(at(`captioned.${container}`), settings);
    const srt = await readFile(path(`stream-${manifest.streams.length - 1}.srt`), 'utf8');
    expect(srt).toMatch(/00:00:02,400 --> 00:00:03,[12]\d\d\s+HELLO/);
  });

  it('says that an RPU without a picture is lost, and makes the film', async () => {
    const x265 = 'log-level=error:bframes=0:info=0:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc';
    const hevc = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', x265, '-pix_fmt', 'yuv420p10le'];
    await ffmpeg(...PICTURE, ...hevc, '-tag:v', 'hvc1', at('plain-hevc.mp4'));
    const film = withUnits(await readFile(at('plain-hevc.mp4')), (picture) => ({
      behind: [rpu(Buffer.from([picture]))],
    }));
    const bytes = dolbyConfiguration(8, 1)(film);
    const mdat = boxes(bytes).find(({ type }) => type === 'mdat');
    const stsz = bytes.subarray(bytes.indexOf('stsz') + 4);
    const sizes = Array.from({ length: stsz.readUInt32BE(8) }, (_, i) => stsz.readUInt32BE(12 + 4 * i));
    const last = (mdat?.start ?? 0) + 8 + sizes.slice(0, -1).reduce((sum, size) => sum + size, 0);
    bytes[last + 4] = 62 << 1; // the slice of the last picture becomes one more unit of type 62
    await writeFile(at('lost.mp4'), bytes);
    const { manifest } = await milledFile(at('lost.mp4'), { ...settings, damaged: 'accept' });
    expect(manifest.renditions[0]?.frames).toBe(19);
    expect(manifest.warnings).toContainEqual(
      "1 packet of the source gives no picture: its part of Dolby Vision's metadata is lost",
    );
  });

  it('keeps two places of an MP4 as they are', async () => {
    const place = (text: string) => box('\u00a9xyz', Buffer.from([0, text.length, 0x15, 0xc7]), Buffer.from(text));
    const places = box('udta', place('+48.8584+002.2945/'), place('-33.8568+151.2153/'));
    const edited = replaceBox(await readFile(at('plain.mp4')), ['moov'], (moov) => Buffer.concat([moov, places]));
    await writeFile(at('places.mp4'), edited);
    const { path, manifest } = await milledFile(at('places.mp4'), settings);
    const made = await readFile(path('preserve.mp4'));
    for (const text of ['+48.8584+002.2945/', '-33.8568+151.2153/']) expect(made.includes(text)).toBe(true);
    const lines = manifest.renditions[0]?.metadata?.filter(({ name }) => name === '\u00a9xyz');
    expect(lines?.map(({ fate }) => fate)).toEqual(['kept', 'kept']);
  });
});
