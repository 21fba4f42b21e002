import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { boxByPath, boxBytes, boxesOf, newBox } from '../../core/bytes/boxes.ts';
import { editListBox } from '../../core/bytes/edit-list-box.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };
/** ffmpeg's ticks a second of a movie, and of its track of time code at 25 pictures a second. */
const [MOVIE, TRACK] = [1000, 12_800];

type Edit = { readonly lasts: number; readonly from: number };

/** The tracks of a movie, by its boxes alone. */
function tracksIn(file: Buffer) {
  const whole = { type: 'file', start: 0, body: 0, end: file.length };
  const moov = boxByPath(file, whole, 'moov');
  const mvhd = moov && boxByPath(file, moov, 'mvhd');
  if (!moov || !mvhd) throw new Error('no movie');
  const scale = file.readUInt32BE(mvhd.body + 12);
  return boxesOf(file, moov.body, moov.end).flatMap((trak) => {
    const find = (...names: readonly string[]) => boxByPath(file, trak, ...names)?.body ?? 0;
    if (trak.type !== 'trak') return [];
    const kind = file.toString('latin1', find('mdia', 'hdlr') + 8, find('mdia', 'hdlr') + 12);
    const elst = find('edts', 'elst');
    const edits = Array.from({ length: file.readUInt32BE(elst + 4) }, (_, i) => ({
      lasts: file.readUInt32BE(elst + 8 + 12 * i) / scale,
      from: file.readInt32BE(elst + 12 + 12 * i),
    }));
    const begins = edits.filter(({ from }) => from < 0).reduce((sum, { lasts }) => sum + lasts, 0);
    const ticks = file.readUInt32BE(find('mdia', 'mdhd') + 12);
    const sample = file.readUInt32BE(find('mdia', 'minf', 'stbl', 'stco') + 8);
    const [shown] = edits.filter(({ from }) => from >= 0);
    return [{ kind, begins, ends: begins + (shown?.lasts ?? 0), hides: (shown?.from ?? 0) / ticks, sample }];
  });
}

/** Returns the frame number that a movie shows at its first and its last picture. */
function framesShown(file: Buffer, rate: number, pictureSeconds: number) {
  const tracks = tracksIn(file);
  const [picture, clock] = ['vide', 'tmcd'].map((kind) => tracks.find((track) => track.kind === kind));
  if (!picture || !clock) throw new Error('a track is missing');
  const at = (seconds: number) =>
    seconds < clock.begins - 0.001 || seconds > clock.ends
      ? undefined
      : file.readUInt32BE(clock.sample) + Math.round((seconds - clock.begins + clock.hides) * rate);
  return [at(picture.begins), at(picture.begins + pictureSeconds - 1 / rate)];
}

/** Returns a movie, whose boxes lie behind its samples, with another edit list of its time code. */
function withEdits(file: Buffer, edits: readonly Edit[]): Buffer {
  const moov = boxesOf(file, 0, file.length).find(({ type }) => type === 'moov');
  if (!moov) throw new Error('no movie');
  const parts = boxesOf(file, moov.body, moov.end).map((box) => {
    const bytes = boxBytes(file, box);
    if (box.type !== 'trak' || !bytes.includes('mhlrtmcd')) return bytes;
    const inner = boxesOf(file, box.body, box.end).map((each) =>
      each.type === 'edts' ? newBox('edts', editListBox(edits)) : boxBytes(file, each),
    );
    return newBox('trak', ...inner);
  });
  return Buffer.concat([file.subarray(0, moov.start), newBox('moov', ...parts)]);
}

describe('each picture keeps the time code that it has in the source', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const sound = ['-f', 'lavfi', '-i', 'sine=d=4:r=48000'];
  const film = async (name: string, { rate = '25', timecode = '01:00:00:00' } = {}) => {
    const picture = ['-f', 'lavfi', '-i', `testsrc2=s=96x64:r=${rate}:d=3`];
    const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-c:a', 'pcm_s16le'];
    const both = at(`both-${name}`);
    await run('ffmpeg', ['-v', 'error', ...picture, ...sound, ...codecs, both]);
    const apart = ['-itsoffset', '1', '-i', both, '-i', both, '-map', '0:v', '-map', '1:a', '-c', 'copy'];
    await run('ffmpeg', ['-v', 'error', ...apart, '-timecode', timecode, at(name)]);
    return readFile(at(name));
  };
  beforeAll(async () => {
    folder = await temporaryFolder();
  });

  const HOUR = 90_000;
  it.each([
    {
      what: 'begins with the late picture',
      edits: [
        [1, -1],
        [3, 0],
      ],
      first: HOUR,
    },
    { what: 'begins before the late picture', edits: [[4, 0]], first: HOUR + 25 },
    {
      what: 'begins behind the late picture',
      edits: [
        [2, -1],
        [2, 0],
      ],
      first: HOUR - 25,
    },
    {
      what: 'begins with a later frame of its track',
      edits: [
        [1, -1],
        [2, 1],
      ],
      first: HOUR + 25,
    },
  ] as const)('where its track $what', async ({ edits, first }) => {
    const source = at('source.mov');
    const list = edits.map(([lasts, from]) => ({ lasts: lasts * MOVIE, from: from < 0 ? from : from * TRACK }));
    await writeFile(source, withEdits(await film(`plain-${first}-${list.length}.mov`), list));
    for (const [recipe, name] of [
      ['preserve', 'preserve.mp4'],
      ['mezzanine', '422.mov'],
    ] as const) {
      const milled = await milledFile(source, recipe === 'preserve' ? settings : {}, recipe);
      expect(framesShown(await readFile(milled.path(name)), 25, 3)).toEqual([first, first + 74]);
      expect(milled.manifest.warnings.join()).not.toContain('a second way');
    }
  });

  it('where it leaves out frames', async () => {
    // ffmpeg's own track begins at 0, a second before the picture
    await film('drop.mov', { rate: '30000/1001', timecode: '00:00:59;00' });
    const { path } = await milledFile(at('drop.mov'), settings);
    const { stdout } = await run('ffprobe', [
      '-v',
      'error',
      '-show_entries',
      'stream_tags=timecode',
      path('preserve.mp4'),
    ]);
    expect(stdout).toContain('timecode=00:01:00;02');
  });

  it('where it stands in pictures that begin behind the sound', async () => {
    const gop = ['-c:v', 'mpeg2video', '-gop_timecode', '10:00:00:00', '-bf', '0'];
    const picture = ['-itsoffset', '0.4', '-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=3'];
    await run('ffmpeg', ['-v', 'error', ...picture, ...sound, ...gop, '-c:a', 'mp2', at('late.ts')]);
    const { path } = await milledFile(at('late.ts'), {}, 'mezzanine');
    expect(framesShown(await readFile(path('422.mov')), 25, 3)).toEqual([900_000, 900_074]);
  });

  it('where the first pictures are damaged, and are left out', async () => {
    const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-g', '25', '-timecode', '01:00:00:00'];
    await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=3', ...codecs, at('whole.mov')]);
    const file = await readFile(at('whole.mov'));
    const packets = ['-select_streams', 'v', '-show_entries', 'packet=pos,size', '-of', 'csv=p=0', at('whole.mov')];
    const lines = (await run('ffprobe', ['-v', 'error', ...packets])).stdout.trim().split('\n').slice(0, 25);
    for (const [size = 0, pos = 0] of lines.map((line) => line.split(',').map(Number)))
      file.fill(0x55, pos, pos + size);
    await writeFile(at('damaged.mov'), file);
    const { path } = await milledFile(at('damaged.mov'), { ...settings, damaged: 'accept' });
    expect(framesShown(await readFile(path('preserve.mp4')), 25, 2)).toEqual([HOUR + 25, HOUR + 74]);
  });

  it('and has none in a file that cannot hold it', async () => {
    const file = await film('beyond.mov');
    const clock = tracksIn(file).find(({ kind }) => kind === 'tmcd');
    file.writeUInt32BE(24 * HOUR, clock?.sample); // no clock shows 24:00:00:00
    await writeFile(at('beyond.mov'), file);
    for (const [recipe, name] of [
      ['preserve', 'preserve.mp4'],
      ['mezzanine', '422.mov'],
    ] as const) {
      const { manifest, path } = await milledFile(at('beyond.mov'), recipe === 'preserve' ? settings : {}, recipe);
      expect(manifest.streams.map(({ fate }) => fate)).toContain('dropped');
      expect(tracksIn(await readFile(path(name))).map(({ kind }) => kind)).toEqual(['vide', 'soun']);
    }
  });

  it('where its fields become pictures', async () => {
    await film('fields.mov', { timecode: '01:00:00:05' });
    const { path } = await milledFile(at('fields.mov'), { ...settings, deinterlace: 'bob' });
    // the source shows frame 5 + 25 at its first picture, of which each has two in the result
    expect(framesShown(await readFile(path('preserve.mp4')), 50, 3)[0]).toBe(2 * (HOUR + 30));
  });
});
