import { execFile } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { decodeModel, encodeModel } from '../../media/onnx/model-file.ts';
import type { OnnxModel } from '../../media/onnx/onnx-model.ts';
import { temporalBatches } from '../../media/onnx/runs.ts';
import { makeClip } from '../fixtures/make.ts';
import { averaging, exported, linear, type ModelAndFile, made, temporal } from '../media/onnx/networks.ts';
import { streamOf } from '../support/ffprobe.ts';
import { sha256 } from '../support/hash.ts';
import { manifestAt, reelmill, runOf } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Two shots, with a cut amid a segment. */
const film = {
  file: 'two-shots.mp4',
  args: [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=25:duration=0.64'],
    ...['-f', 'lavfi', '-i', 'smptebars=size=64x48:rate=25:duration=0.48'],
    ...['-filter_complex', '[0][1]concat=n=2,format=yuv420p', '-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0'],
  ],
};
const QUICK = ['preset=ultrafast', 'segmentSeconds=1', 'model=my-net'].flatMap((each) => ['--set', each]);

/** A folder with one model of its own, and a mix that uses it. */
async function rootWith({ model, file }: ModelAndFile, said: object = {}): Promise<string> {
  const root = await temporaryFolder();
  const { scale, sha256, network, range, cut, frames } = model;
  const entry = { version: '1.0', licence: 'MIT', scale, sha256, network, range, cut, frames, ...said };
  const own = { models: { 'my-net': entry }, mixes: { both: ['preserve', 'upscale'] } };
  await writeFile(join(root, 'recipes.json'), JSON.stringify(own));
  const path = join(root, 'models', 'my-net', '1.0.onnx');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, file);
  return root;
}

describe('a model of your own', () => {
  it.each([
    { kind: 'one frame at a time', of: async () => made(linear) },
    { kind: 'five frames at a time', of: async () => temporal(made(averaging), 5, 1) },
    { kind: 'by a SwinIR', of: () => exported('swinir-x2') },
    { kind: 'by a BasicVSR++', of: () => exported('basicvsr-pp-x4') },
  ])('enlarges a file that `run` is given, $kind, and again as `retry` asks for it', async ({ of }) => {
    const network = await of();
    const { scale } = network.model;
    const [source, root, out] = await Promise.all([makeClip(film), rootWith(network), temporaryFolder()]);
    const [command = '', ...asked] = runOf([source], { out, recipe: 'upscale', set: QUICK });
    const run = await reelmill([command, '--root', root, ...asked]);
    if (run.code !== 0) throw new Error(JSON.stringify(run.last));
    expect(run.last).toMatchObject({ type: 'job.done', status: 'done' });
    const { renditions } = await manifestAt(String(run.last?.manifest));
    expect(renditions).toMatchObject([
      {
        width: 64 * scale,
        height: 48 * scale,
        frames: 28,
        model: { id: 'my-net', version: '1.0', sha256: network.model.sha256 },
      },
    ]);
    expect(renditions[0]?.checks.filter(({ passed }) => !passed)).toEqual([]);
    const path = join(out, 'upscale', basename(source), 'upscaled.mp4');
    expect(await streamOf(path)).toMatchObject({ width: 64 * scale, height: 48 * scale });
    const before = await sha256(path);
    const [job] = (await reelmill(['jobs', '--json', '--work', join(out, '.reelmill', 'work')])).events;
    const again = await reelmill(['retry', '--json', '--work', join(out, '.reelmill', 'work'), String(job?.id)]);
    expect(again).toMatchObject({ code: 0, last: { status: 'unchanged' } });
    expect(await sha256(path)).toBe(before);
  });

  it.each(['mp4', 'ts'])('sees past the borders of segments, also of a film in .%s', async (ending) => {
    const levels = Array.from({ length: 75 }, (_, i) => 90 + 14 * (Math.floor(i / 3) % 2));
    const grey = "geq=lum='90+14*mod(floor(N/3),2)':cb=128:cr=128";
    const source = await makeClip({
      file: `flicker.${ending}`,
      args: [
        ...['-f', 'lavfi', '-i', `color=gray:s=64x48:r=25:d=3,format=yuv420p,${grey}`],
        ...['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '1', '-g', '10', '-bf', '0'],
      ],
    });
    const rule = { window: 3, overlap: 1 };
    const [root, out] = await Promise.all([rootWith(temporal(made(averaging), 3, 1)), temporaryFolder()]);
    const set = ['preset=ultrafast', 'segmentSeconds=1-2', 'model=my-net', 'crf=12'].flatMap((each) => ['--set', each]);
    const [command = '', ...asked] = runOf([source], { out, recipe: 'upscale', set });
    const run = await reelmill([command, '--root', root, ...asked]);
    expect(run.last).toMatchObject({ status: 'done' });
    const { renditions } = await manifestAt(String(run.last?.manifest));
    const starts = renditions[0]?.segments.starts ?? [];
    expect(starts.length).toBeGreaterThan(1);
    const found = await meansOf(join(out, 'upscale', basename(source), 'upscaled.mp4'), 128 * 96);
    const wantedWith = async (context: number) => {
      const all = starts.map(async (start, i) => {
        const end = starts[i + 1] ?? levels.length;
        const from = Math.max(0, start - context);
        async function* numbers() {
          for (let n = from; n < Math.min(levels.length, end + context); n++) yield n;
        }
        const means: number[] = [];
        for await (const { seen, from: first, to } of temporalBatches(numbers(), rule, () => false)) {
          const mean = seen.reduce((sum, n) => sum + (levels[n] ?? 0), 0) / seen.length;
          means.push(...seen.slice(first, to).map((n) => ((levels[n] ?? 0) + mean) / 2));
        }
        return means.slice(start - from, end - from);
      });
      return (await Promise.all(all)).flat();
    };
    const farthest = (wanted: readonly number[]) =>
      Math.max(...found.map((mean, i) => Math.abs(mean - (wanted[i] ?? 0))));
    expect(found).toHaveLength(75);
    expect(farthest(await wantedWith(1))).toBeLessThan(1.2);
    expect(farthest(await wantedWith(0))).toBeGreaterThan(1.5); // so that this can fail
  });

  it('is there in a folder that is watched', async () => {
    const [source, root] = await Promise.all([makeClip(film), rootWith(made(linear))]);
    const drop = join(root, 'input', 'upscale', 'film.mp4');
    await mkdir(dirname(drop), { recursive: true });
    await copyFile(source, drop);
    await writeFile(`${drop}.reelmill.json`, JSON.stringify({ settings: { model: 'my-net', preset: 'ultrafast' } }));
    const run = await reelmill(['watch', '--once', '--json', root]);
    expect(run.code).toBe(0);
    const { renditions } = await manifestAt(join(root, 'output', 'upscale', 'film.mp4', 'manifest.json'));
    expect(renditions[0]?.model).toMatchObject({ id: 'my-net', version: '1.0' });
  });

  it('and a mix of your own are known to `run` and `plan` with --root, and without it are not', async () => {
    const [source, root] = await Promise.all([makeClip(film), rootWith(made(linear))]);
    const plan = ['plan', source, '--json', '--recipe', 'both', '--set', 'model=my-net'];
    const planned = await reelmill([...plan, '--root', root]);
    expect(planned.events).toMatchObject([{ recipe: 'preserve' }, { recipe: 'upscale' }]);
    expect(await reelmill(plan)).toMatchObject({
      code: 64,
      last: { reason: expect.stringContaining('no recipe "both"') },
    });
  });

  it('is not looked for in a folder without a recipes.json: that is an error, not the recipes that ship', async () => {
    const [source, out] = await Promise.all([makeClip(film), temporaryFolder()]);
    const [command = '', ...asked] = runOf([source], { out, recipe: 'preserve' });
    const run = await reelmill([command, '--root', out, ...asked]);
    expect(run).toMatchObject({ code: 64, last: { reason: expect.stringContaining('recipes.json') } });
    expect(await reelmill(['plan', source, '--recipe', 'preserve', '--root', out, '--json'])).toMatchObject({
      code: 64,
    });
  });

  it('is refused as bad input where it is not what recipes.json says', async () => {
    const [source, out] = await Promise.all([makeClip(film), temporaryFolder()]);
    const root = await rootWith(made(linear), { scale: 4 });
    const [command = '', ...asked] = runOf([source], { out, recipe: 'upscale', set: QUICK });
    const run = await reelmill([command, '--root', root, ...asked]);
    expect(run).toMatchObject({ code: 65, last: { reason: expect.stringContaining('RGB pictures 4 times as large') } });
  });
});

describe('`model`', () => {
  const saying = ({ file }: ModelAndFile, said: Readonly<Record<string, string>>): Promise<string> => {
    const decoded: OnnxModel = decodeModel(file, 'test');
    const metadataProps = Object.entries(said).map(([key, value]) => ({ key: `reelmill.${key}`, value }));
    return fileIn(encodeModel({ ...decoded, metadataProps }));
  };
  const fileIn = async (bytes: Uint8Array) => {
    const path = join(await temporaryFolder(), 'my-net.onnx');
    await writeFile(path, bytes);
    return path;
  };

  it('reads out of a file how it is used, checks it, and prints what recipes.json takes', async () => {
    const path = await saying(made(linear), { scale: '2', halo: 'whole', align: '4', frames: '3', overlap: '1' });
    const { code, last } = await reelmill(['model', path, '--json']);
    expect(last).toMatchObject({
      passed: true,
      entry: { id: 'my-net', scale: 2, cut: { halo: 'whole', align: 4 }, frames: { window: 3, overlap: 1 } },
      checks: ['repeats', 'order', 'place', 'colour'].map((name) => ({ name, passed: true })),
    });
    expect(code).toBe(0);
  });

  it('believes its options more than the file', async () => {
    const path = await saying(made(linear), { scale: '4', halo: 'whole', white: '255' });
    const options = ['--scale', '2', '--halo', '20', '--align', '2', '--white', '1'];
    expect((await reelmill(['model', path, '--json', ...options])).last).toMatchObject({
      passed: true,
      entry: { scale: 2, cut: { halo: 20, align: 2 } },
    });
  });

  it('takes from the file what its options leave out', async () => {
    const path = await saying(made(linear), { scale: '2', halo: 'whole', align: '4', frames: '5', overlap: '1' });
    const { last } = await reelmill(['model', path, '--json', '--overlap', '2', '--align', '2']);
    expect(last).toMatchObject({
      entry: { cut: { halo: 'whole', align: 2 }, frames: { window: 5, overlap: 2 } },
    });
  });

  it.each([
    { what: 'nobody says the scale', said: {}, options: [], code: 64, says: 'give --scale' },
    { what: 'an option is out of range', said: {}, options: ['--scale', '9'], code: 64, says: '--scale 9 is out of' },
    { what: 'the file says nonsense', said: { scale: 'x' }, options: [], code: 65, says: 'reelmill.scale is "x"' },
    { what: 'it does not keep the contract', said: { scale: '4' }, options: [], code: 65, says: undefined },
  ])('ends with $code where $what', async ({ said, options, code, says }) => {
    const run = await reelmill(['model', await saying(made(linear), said), '--json', ...options]);
    expect(run.code).toBe(code);
    expect(run.last).toMatchObject(says === undefined ? { passed: false } : { reason: expect.stringContaining(says) });
  });
});

/** The mean luma of each frame. */
async function meansOf(path: string, pixels: number): Promise<number[]> {
  const args = ['-v', 'error', '-i', path, '-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-'];
  const { stdout } = await promisify(execFile)('ffmpeg', args, { encoding: 'buffer', maxBuffer: 1 << 27 });
  const bytes = (pixels * 3) / 2;
  return Array.from({ length: stdout.length / bytes }, (_, i) => {
    const luma = stdout.subarray(i * bytes, i * bytes + pixels);
    return luma.reduce((sum, sample) => sum + sample, 0) / pixels;
  });
}
