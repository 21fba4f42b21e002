import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { decodeRgba, streamOf } from '../support/ffprobe.ts';
import { sha256 } from '../support/hash.ts';
import { type TestMill, testMill } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const FRAMES = 6;
const run = promisify(execFile);

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

/** A folder of pictures f_00010 and so on, each brighter than the one before; its path as a sequence. */
async function sequence(ending: string, format = ending === 'jpg' ? 'yuvj420p' : 'rgb24'): Promise<string> {
  const folder = join(await temporaryFolder(), 'shot 100%d');
  await mkdir(folder);
  const picture = `color=black:s=64x48:r=25:d=1,geq=r='40*(N+1)':g='X*3':b='Y*3',format=${format}`;
  const args = ['-v', 'error', '-f', 'lavfi', '-i', picture, '-frames:v', `${FRAMES}`, '-start_number', '10'];
  await run('ffmpeg', [...args, `f_%05d.${ending}`], { cwd: folder });
  return join(folder, `f_%05d.${ending}`);
}

const frame = (path: string, number: number) => path.replace('%05d', String(number).padStart(5, '0'));
const at = (path: string) => path.replace(/\/f_%05d.*$/, '');

/** The red of each frame's first pixel, from 0 to 255. */
async function reds(path: string, frames: number): Promise<readonly number[]> {
  const pixels = await decodeRgba('ffmpeg', path, frames);
  const bytes = pixels.length / frames;
  return Array.from({ length: frames }, (_, i) => pixels[i * bytes] ?? -1);
}

const rising = (count: number) => Array.from({ length: count }, (_, i) => 40 * (i + 1));
const furthest = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? 1000))));

describe('a sequence of pictures', () => {
  it.each([
    { ending: 'png', recipe: 'vj', settings: { fps: '30' }, file: 'hap.mov', rate: '30/1' },
    {
      ending: 'jpg',
      recipe: 'mezzanine',
      settings: { fps: '24000/1001', profile: 'hq' },
      file: 'hq.mov',
      rate: '24000/1001',
    },
    {
      ending: 'dpx',
      recipe: 'preserve',
      settings: { preset: 'ultrafast', fps: '12.5' },
      file: 'preserve.mp4',
      rate: '25/2',
    },
    { ending: 'tif', recipe: 'vj', settings: {}, file: 'hap.mov', rate: '25/1' },
  ])('of $ending is a film in $recipe, every picture once at its time', async (row) => {
    const source = await sequence(row.ending);
    const before = await Promise.all((await readdir(at(source))).map((name) => sha256(join(at(source), name))));
    const { outcome, manifest, path } = await mill.run(source, row.recipe, row.settings);
    expect(outcome).toEqual(expect.objectContaining({ status: 'done' }));
    const { renditions, warnings, source: recorded } = await manifest();
    expect(renditions[0]).toMatchObject({ frames: FRAMES, width: 64, height: 48 });
    expect(renditions[0]?.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(await streamOf(path(row.file))).toMatchObject({ r_frame_rate: row.rate });
    expect(furthest(await reds(path(row.file), FRAMES), rising(FRAMES))).toBeLessThan(16);
    expect(recorded.path).toBe(`f_%05d.${row.ending}`);
    expect(warnings[0]).toMatch(/^the source is a sequence: its 6 pictures are shown at [\d./]+ a second/);
    const after = await Promise.all((await readdir(at(source))).map((name) => sha256(join(at(source), name))));
    expect(after).toEqual(before);
  });

  it('is the same as long as no picture changes, and another when one does', async () => {
    const source = await sequence('png');
    await mill.run(source, 'vj');
    expect((await mill.run(source, 'vj')).outcome).toMatchObject({ status: 'unchanged' });
    await copyFile(frame(source, 10), frame(source, 14));
    const after = await mill.run(source, 'vj');
    expect(after.outcome).toMatchObject({ status: 'done' });
    expect(furthest(await reds(after.path('hap.mov'), FRAMES), [40, 80, 120, 160, 40, 240])).toBeLessThan(16);
  });

  it('of 16 bits keeps them as far as the codec can, and is brought to no 8 on the way', async () => {
    const { manifest, path } = await mill.run(await sequence('png', 'rgb48be'), 'preserve', {
      preset: 'ultrafast',
    });
    expect(await streamOf(path('preserve.mp4'))).toMatchObject({ pix_fmt: 'gbrp12le' });
    expect((await manifest()).warnings).toContainEqual(expect.stringContaining('bits beyond 12 of 16 of rgb48be'));
  });

  it('of linear light is shown by the curve of sRGB', async () => {
    const { outcome, manifest, path } = await mill.run(await sequence('exr', 'gbrpf32le'), 'vj');
    expect(outcome).toEqual(expect.objectContaining({ status: 'done' }));
    const curve = rising(FRAMES).map((value) => 255 * (1.055 * (value / 255) ** (1 / 2.4) - 0.055));
    expect(furthest(await reds(path('hap.mov'), FRAMES), curve)).toBeLessThan(16);
    expect((await manifest()).warnings).toContainEqual(expect.stringContaining("sRGB's curve"));
  });

  it('with pictures of another format is brought to what holds both', async () => {
    const source = await sequence('png');
    const grey = ['-f', 'lavfi', '-i', 'color=0x505050:s=64x48:d=1,format=gray', '-frames:v', '1', '-y'];
    await run('ffmpeg', ['-v', 'error', ...grey, '-update', '1', frame(source, 12)]);
    const { outcome, manifest, path } = await mill.run(source, 'vj');
    expect(outcome).toEqual(expect.objectContaining({ status: 'done' }));
    expect(furthest(await reds(path('hap.mov'), FRAMES), [40, 80, 80, 160, 200, 240])).toBeLessThan(16);
    expect((await manifest()).warnings).toContainEqual(
      expect.stringMatching(/^the pictures differ: f_00012\.png is gray/),
    );
  });
});

describe('a sequence with a gap', () => {
  const broken = async () => {
    const source = await sequence('png');
    await rm(frame(source, 12));
    return source;
  };

  it('is refused, naming the first picture that is missing', async () => {
    const { outcome } = await mill.run(await broken(), 'vj');
    expect(outcome).toMatchObject({
      code: 'bad-input',
      exitCode: 65,
      reason: expect.stringMatching(/^f_00012\.png is missing behind f_00011\.png; .*gaps=hold/),
    });
  });

  it.each([{ gaps: 'hold', shown: [40, 80, 80, 160, 200, 240] }])(
    'is accepted by gaps=$gaps, which is told',
    async ({ gaps, shown }) => {
      const { manifest, path } = await mill.run(await broken(), 'vj', { gaps });
      const { renditions, warnings } = await manifest();
      expect(renditions[0]).toMatchObject({ frames: shown.length });
      expect(furthest(await reds(path('hap.mov'), shown.length), shown)).toBeLessThan(16);
      expect(warnings).toContainEqual(expect.stringMatching(/^1 pictures? of the sequence (is|are) missing: /));
    },
  );
});

describe('a sequence is refused', () => {
  it.each([
    {
      what: 'with a picture of another size',
      spoil: async (source: string) => {
        const other = ['-f', 'lavfi', '-i', 'color=red:s=32x24:d=1', '-frames:v', '1', '-y', '-update', '1'];
        await run('ffmpeg', ['-v', 'error', ...other, frame(source, 13)]);
      },
      code: 'bad-input',
      reason: /^f_00013\.png is 32x24, and f_00010\.png is 64x48; /,
    },
    {
      what: 'with a picture that does not decode',
      spoil: async (source: string) =>
        writeFile(frame(source, 13), (await readFile(frame(source, 13))).subarray(0, 40)),
      code: 'bad-input',
      reason: /^f_00013\.png does not decode/,
    },
    {
      what: 'with a playlist among its pictures',
      spoil: (source: string) => writeFile(frame(source, 13), '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n'),
      code: 'bad-input',
      reason: /^f_00013\.png is no PNG, JPEG, TIFF, DPX or OpenEXR picture$/,
    },
    {
      what: 'with a picture that is a link',
      spoil: async (source: string) => {
        await rm(frame(source, 13));
        await symlink(frame(source, 12), frame(source, 13));
      },
      code: 'bad-input',
      reason: /^f_00013\.png is a link; /,
    },
    {
      what: 'without a picture',
      spoil: async (source: string) => {
        for (let i = 10; i < 10 + FRAMES; i++) await rm(frame(source, i));
      },
      code: 'no-input',
      reason: /^there are no pictures "f_%05d\.png"/,
    },
  ])('$what', async ({ spoil, code, reason }) => {
    const source = await sequence('png');
    await spoil(source);
    const { outcome } = await mill.run(source, 'vj');
    expect(outcome).toMatchObject({ code, reason: expect.stringMatching(reason) });
  });

  it.each([{ fps: '30' }, { gaps: 'hold' }])('no more than its settings are taken for a film: %j', async (settings) => {
    const folder = await temporaryFolder();
    const film = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:d=0.1', '-c:v', 'ffv1', join(folder, 'film.mkv')];
    await run('ffmpeg', ['-v', 'error', ...film]);
    const { outcome } = await mill.run(join(folder, 'film.mkv'), 'vj', settings);
    expect(outcome).toMatchObject({ code: 'usage', reason: expect.stringContaining('is for sequences of pictures') });
  });
});
