import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { beforeSlices } from '../fixtures/captions.ts';
import { u32 } from '../fixtures/craft.ts';
import { eyesMessage, unitsOf, withUnits } from '../fixtures/picture-notes.ts';
import { ffprobe } from '../support/decoded-frames.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };

const NAMED = 'frame packing';

/** The mode of the box that marks two eyes in an MP4, as it lies in the file; undefined without one. */
async function boxIn(path: string): Promise<number | undefined> {
  const bytes = await readFile(path);
  const at = bytes.indexOf(Buffer.concat([Buffer.from('st3d'), u32(0)]));
  return at < 0 ? undefined : bytes[at + 8];
}

async function modeIn(path: string): Promise<string | undefined> {
  const [, mode] = /Stereo mode: (\d+)/.exec((await run('mkvinfo', [path])).stdout) ?? [];
  return mode;
}

describe('two eyes in one picture', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.2', '-c:v', 'libx264', '-preset', 'ultrafast'];
    await run('ffmpeg', ['-v', 'error', '-y', ...picture, join(folder, 'plain.mp4')]);
  });
  const film = async (mode: number) => {
    const path = join(folder, `mode-${mode}.mkv`);
    await run('mkvmerge', ['-q', '-o', path, '--stereo-mode', `0:${mode}`, join(folder, 'plain.mp4')]);
    return path;
  };

  it('keeps side by side with the right eye first in MP4, and from there in MP4 and Matroska', async () => {
    const first = await milledFile(await film(11), settings);
    expect(await boxIn(first.path('preserve.mp4'))).toBe(4);
    expect(first.manifest.warnings).toEqual([]);
    const again = await milledFile(first.path('preserve.mp4'), settings);
    expect(await boxIn(again.path('preserve.mp4'))).toBe(4);
    const back = await milledFile(first.path('preserve.mp4'), { ...settings, container: 'mkv' });
    expect(await modeIn(back.path('preserve.mkv'))).toBe('11');
    expect(back.manifest.renditions[0]?.metadata).toContainEqual(
      expect.objectContaining({ name: NAMED, fate: 'converted' }),
    );
  });

  it.each([
    [2, 'top and bottom, right eye first'],
    [10, 'anaglyph of cyan and red'],
  ])('says that MP4 has no mark for mode %i of Matroska, and writes none', async (mode, packing) => {
    const { path, manifest } = await milledFile(await film(mode), settings);
    expect(await boxIn(path('preserve.mp4'))).toBeUndefined();
    expect(manifest.warnings).toEqual([expect.stringContaining(`two eyes lie in each picture (${packing})`)]);
    const why = `MP4 has no mark for "${packing}"; container=mkv keeps it`;
    expect(manifest.renditions[0]?.metadata).toContainEqual({ place: 'track 0', name: NAMED, fate: 'dropped', why });
  });

  it('says that software of VJs reads no mark, so that both are shown', async () => {
    const { manifest } = await milledFile(await film(1), {}, 'vj');
    expect(manifest.warnings).toContainEqual(
      expect.stringContaining('two eyes lie in each picture (side by side), and what is made of it does not say so'),
    );
  });

  it.each([2, 10, 14])('keeps mode %i in Matroska without a warning', async (mode) => {
    const { path, manifest } = await milledFile(await film(mode), { ...settings, container: 'mkv' });
    expect(await modeIn(path('preserve.mkv'))).toBe(`${mode}`);
    expect(manifest.warnings).toEqual([]);
  });

  it('writes what only the pictures of H.264 say into Matroska', async () => {
    const path = join(folder, 'lines.mp4');
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.2', '-c:v', 'libx264', '-preset', 'ultrafast'];
    await run('ffmpeg', ['-v', 'error', '-y', ...picture, '-x264-params', 'frame-packing=2', path]);
    const made = await milledFile(path, { ...settings, container: 'mkv' });
    expect(await modeIn(made.path('preserve.mkv'))).toBe('7');
    expect(made.manifest.warnings).toEqual([]);
  });

  describe('that the pictures tell', () => {
    const PICTURES = 30;
    /** The messages of each picture, in the order of showing. */
    async function saidIn(path: string): Promise<readonly string[]> {
      const raw = `${path}.h265`;
      const units = ['-map', '0:v:0', '-c', 'copy', '-bsf:v', 'hevc_mp4toannexb', '-f', 'hevc', raw];
      await run('ffmpeg', ['-v', 'error', '-y', '-i', path, ...units]);
      const said: string[] = [];
      let before = '';
      for (const { type, bytes } of unitsOf(await readFile(raw))) {
        if (type === 39 && bytes[2] === 45) before = bytes.toString('hex');
        if (type >= 32) continue;
        said.push(before);
        before = '';
      }
      const { packets } = await ffprobe(path, '-select_streams', 'V:0', '-show_packets');
      const times = packets.map(({ pts_time }: { pts_time: string }) => Number(pts_time));
      const ordered = times.map((time: number, i: number) => ({ time, unit: said[i] ?? '' }));
      return ordered
        .sort((a: { time: number }, b: { time: number }) => a.time - b.time)
        .map(({ unit }: { unit: string }) => unit);
    }
    const stereoOf = async (path: string) => {
      const { frames } = await ffprobe(path, '-select_streams', 'V:0', '-show_frames');
      return frames.filter(({ side_data_list = [] }: { side_data_list?: readonly { side_data_type: string }[] }) =>
        side_data_list.some(({ side_data_type }) => side_data_type === 'Stereo 3D'),
      ).length;
    };
    const hevc = async (name: string, unitsFor: Parameters<typeof withUnits>[1]) => {
      const plain = join(folder, 'plain-hevc.mp4');
      const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=1.2', '-c:v', 'libx265', '-preset', 'ultrafast'];
      const params = ['-x265-params', 'log-level=error:bframes=3:keyint=60:info=0', '-tag:v', 'hvc1'];
      await run('ffmpeg', ['-v', 'error', '-y', ...picture, ...params, plain]);
      await writeFile(join(folder, name), withUnits(await readFile(plain), unitsFor));
      return join(folder, name);
    };

    it.each(['mp4', 'mkv'])('is carried of HEVC into each picture, and marked in %s', async (container) => {
      const message = eyesMessage({ arrangement: 3, isRightFirst: true });
      const source = await hevc('first.mp4', (picture) => (picture === 0 ? { before: [message] } : {}));
      const { path, manifest } = await milledFile(source, { ...settings, container });
      const made = path(`preserve.${container}`);
      expect(await saidIn(made)).toEqual(Array(PICTURES).fill(message.toString('hex')));
      expect(await stereoOf(made)).toBe(PICTURES);
      expect(container === 'mp4' ? await boxIn(made) : await modeIn(made)).toBe(container === 'mp4' ? 4 : '11');
      expect(manifest.renditions[0]?.metadata).toContainEqual({
        ...{ place: 'track 0', name: 'two eyes in its pictures', fate: 'kept', why: 'each picture keeps its own' },
      });
      expect(manifest.warnings).toEqual([]);
    });

    it('is carried where it changes and ends, in the order of showing', async () => {
      const beside = eyesMessage({ arrangement: 3 });
      const above = eyesMessage({ arrangement: 4, holdsOn: false });
      const end = eyesMessage({ arrangement: 3, isEnd: true });
      const said: Readonly<Record<number, Buffer>> = { 2: beside, 10: above, 20: end };
      const source = await hevc('changing.mp4', (picture) => (said[picture] ? { before: [said[picture]] } : {}));
      const before = await saidIn(source);
      const [first, one, last] = [beside, above, end].map((message) => before.indexOf(message.toString('hex')));
      const after = await saidIn((await milledFile(source, settings)).path('preserve.mp4'));
      expect(after).toEqual(
        before.map((own, i) => own || (i > (first ?? 0) && i < (last ?? 0) && i !== one ? beside.toString('hex') : '')),
      );
    });

    it.each([3, 4, 5])('is carried of H.264 as HEVC has it: type %i', async (type) => {
      const path = join(folder, `h264-${type}.mp4`);
      const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-c:v', 'libx264', '-preset', 'ultrafast'];
      await run('ffmpeg', ['-v', 'error', '-y', ...picture, '-x264-params', `frame-packing=${type}`, path]);
      const made = await milledFile(path, settings);
      expect(await stereoOf(made.path('preserve.mp4'))).toBe(10);
      expect(made.manifest.warnings).toEqual([]);
    });

    it('is told of H.264 where HEVC has no message for it', async () => {
      const path = join(folder, 'columns.mp4');
      const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.2', '-c:v', 'libx264', '-preset', 'ultrafast'];
      await run('ffmpeg', ['-v', 'error', '-y', ...picture, '-x264-params', 'frame-packing=1', path]);
      const { manifest } = await milledFile(path, settings);
      const why = 'HEVC has no message for "interleaved columns"';
      expect(manifest.renditions[0]?.metadata).toContainEqual(expect.objectContaining({ fate: 'dropped', why }));
      expect(manifest.warnings).toEqual([
        expect.stringContaining('two eyes lie in each picture (interleaved columns)'),
      ]);
    });

    it('is carried of MPEG-2', async () => {
      const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-c:v', 'mpeg2video', '-q:v', '3'];
      await run('ffmpeg', ['-v', 'error', '-y', ...picture, join(folder, 'plain.m2v')]);
      const said = Buffer.from([0, 0, 1, 0xb2, ...Buffer.from('JP3D'), 3, 0x84, 4, 0xff]);
      await writeFile(
        join(folder, 'eyes.m2v'),
        beforeSlices(await readFile(join(folder, 'plain.m2v')), () => said),
      );
      const source = join(folder, 'eyes.ts');
      const input = ['-fflags', '+genpts', '-r', '25', '-i', join(folder, 'eyes.m2v')];
      await run('ffmpeg', ['-v', 'error', '-y', ...input, '-c', 'copy', source]);
      const made = await milledFile(source, settings);
      expect(await boxIn(made.path('preserve.mp4'))).toBe(1);
      expect(await stereoOf(made.path('preserve.mp4'))).toBe(10);
    });
  });
});
