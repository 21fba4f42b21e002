import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { decodeFully } from '../../../media/measure/decode-fully.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { freshToolbox } from '../../support/toolbox.ts';

const signal = new AbortController().signal;
const options = { signal, onProgress: () => {} };
const SIZE = { width: 32, height: 16 };
let ffmpeg: string;
let folder: string;
let film: string;

/** Fifty frames, of which frame k has the luma 40 + 2k everywhere. */
beforeAll(async () => {
  ffmpeg = (await freshToolbox(signal)).ffmpeg.path;
  folder = await temporaryFolder();
  film = join(folder, 'greys.mp4');
  await execa(ffmpeg, [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'nullsrc=size=64x32:rate=25:duration=2,format=gray,geq=lum=40+2*N'],
    ...['-c:v', 'libx264', '-qp', '1', '-bf', '2', '-pix_fmt', 'yuvj420p', film],
  ]);
});

const level = (frame: Uint8Array) => Math.round(frame.reduce((sum, each) => sum + each, 0) / frame.length);
const show = (frames: readonly number[], turn: readonly string[] = []) => ({ show: { frames, turn, size: SIZE } });

describe('a whole decode', () => {
  it('counts every frame, and gives those that are to be shown', async () => {
    const { frames, errors, shown } = await decodeFully(ffmpeg, film, options, show([0, 3, 30, 49]));
    expect({ frames, errors }).toEqual({ frames: 50, errors: [] });
    expect(shown.map(level)).toEqual([40, 46, 100, 138]);
    for (const frame of shown) expect(frame.length).toBe(3 * 32 * 16);
  });

  it.each([
    { asked: 'frames behind the end', how: show([10, 80]), shown: [60] },
    { asked: 'no frames', how: {}, shown: [] },
    { asked: 'frames that cannot be turned so', how: show([10], ['no_such_filter']), shown: [] },
  ])('counts every frame whatever is to be shown: $asked', async ({ how, shown: levels }) => {
    const { frames, errors, shown } = await decodeFully(ffmpeg, film, options, how);
    expect({ frames, errors, levels: shown.map(level) }).toEqual({ frames: 50, errors: [], levels });
  });

  it('finds the same fault with frames to show as without, and shows none', async () => {
    const bytes = await readFile(film);
    const path = join(folder, 'broken.mp4');
    const { stdout } = await execa('ffprobe', [
      ...['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=pos,size', '-of', 'csv=p=0', film],
    ]);
    const [size = 0, pos = 0] = (stdout.split('\n')[20] ?? '').split(',').map(Number);
    bytes.fill(0xff, pos + 5, pos + size);
    await writeFile(path, bytes);
    const asked = await decodeFully(ffmpeg, path, options, show([0, 1]));
    const alone = await decodeFully(ffmpeg, path, options);
    const said = ({ errors }: typeof alone) => errors.map((line) => line.replace(/@ 0x\w+/, ''));
    expect(said(asked)).toEqual(said(alone));
    expect(said(asked)).toEqual([expect.stringContaining('decoding the rendition: ')]);
    expect(asked.shown).toEqual([]);
  });
});
