import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { decodeModel } from '../../media/onnx/model-file.ts';
import { describeOnTorch } from '../support/on-torch.ts';
import { startProgram } from '../support/started-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SCRIPT = 'scripts/export/export.py';
const RUN_NETWORK = 'test/programs/run-network.mjs';
const NETWORKS = 'test/fixtures/networks';

const SWINIR = 'swinir --untrained --channels 12 --depths 2,2';
const BASICVSR = 'basicvsr-pp --untrained --channels 4 --blocks 1 --frames 5 --overlap 1';

await describeOnTorch('exporting a model from PyTorch', (python) => {
  let folder = '';
  let found: {
    readonly released: Readonly<Record<string, unknown>>;
    readonly refused: Readonly<Record<string, unknown>>;
    readonly reaches: readonly { halo: number; farthest: number }[];
  };

  beforeAll(async () => {
    folder = await temporaryFolder();
    const { code, stdout, stderr } = await runs('test/programs/checkpoints.py', folder, NETWORKS);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    found = JSON.parse(stdout);
  });

  const runs = (...args: string[]) => startProgram(python, ['-B', ...args]).ended;
  const exported = (args: string, name = 'model') => {
    const out = join(folder, `${name}.onnx`);
    return runs(SCRIPT, ...args.replaceAll('FOLDER', folder).split(' '), '--out', out);
  };

  it.each([
    {
      args: SWINIR,
      checkpoint: 'swinir --checkpoint FOLDER/swinir.pth',
      fixture: 'swinir-x2',
      frames: 1,
      scale: 2,
      card: { align: '8', halo: '23' },
    },
    {
      args: 'swinir --untrained --variant classical --scale 3 --channels 6 --depths 2',
      checkpoint: 'swinir --checkpoint FOLDER/classical.pth',
      fixture: undefined,
      frames: 1,
      scale: 3,
      card: { align: '8', halo: '17' },
    },
    {
      args: BASICVSR,
      checkpoint: 'basicvsr-pp --checkpoint FOLDER/basicvsr.pth --frames 5 --overlap 1',
      fixture: 'basicvsr-pp-x4',
      frames: 5,
      scale: 4,
      card: { align: '32', halo: 'whole', frames: '5', overlap: '1' },
    },
  ])(
    'gives, by onnxruntime, what PyTorch computes, says how it is used, and is the same from a checkpoint: $args',
    async (row) => {
      const { args, checkpoint, fixture, frames, scale, card } = row;
      const samples = join(folder, `samples-${scale}-${frames}`);
      const [{ code, stdout, stderr }, again] = await Promise.all([
        exported(`${args} --sample ${samples}`),
        exported(checkpoint, 'from-checkpoint'),
      ]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(again).toEqual({ code, signal: null, stdout, stderr });
      const path = join(folder, 'model.onnx');
      const file = await readFile(path);
      expect(file.equals(await readFile(join(folder, 'from-checkpoint.onnx')))).toBe(true);
      const said = Object.entries({ scale: String(scale), from: 'input', to: 'output', white: '1', ...card });
      expect(stdout.trim().split('\n')).toEqual(said.map(([key, value]) => `reelmill.${key}=${value}`));
      expect(decodeModel(file, 'model.onnx').metadataProps).toEqual(
        said.map(([key, value]) => ({ key: `reelmill.${key}`, value })),
      );
      const sizes = frames > 1 ? ['64x96', '96x32'] : ['24x48', '48x32'];
      for (const size of sizes) {
        const [height = 0, width = 0] = size.split('x').map(Number);
        const input = await floats(join(samples, `${size}.input.f32`));
        const output = await floats(join(samples, `${size}.output.f32`));
        for (const model of [path, ...(fixture === undefined ? [] : [`${NETWORKS}/${fixture}.onnx`])]) {
          const made = await enlarged(model, input, [frames, height, width]);
          expect(made.dims).toEqual([frames, 3, height * scale, width * scale]);
          expect(farthestApart(made.data, output)).toBeLessThan(1e-4);
        }
      }
    },
  );

  // The lists are the names in the originals' own modules, for the settings of the released weights.
  it('has a place for every weight of the released checkpoints, of the same shape, and for no other', () => {
    const six = (times: number) => Array.from({ length: times }, () => 6);
    const swinir = { window: 8, features: 64 };
    expect(found.released).toEqual({
      'swinir-classical-x2': {
        ...{ variant: 'classical', scale: 2, channels: 180, hidden: 360, depths: six(6), heads: six(6), halo: 153 },
        ...swinir,
      },
      'swinir-lightweight-x4': {
        ...{ variant: 'lightweight', scale: 4, channels: 60, hidden: 120, depths: six(4), heads: six(4), halo: 103 },
        ...swinir,
      },
      'basicvsr-pp-x4': {
        ...{ channels: 64, blocks: 7, groups: 16, flow: [32, 64, 32, 16], features: 64, outer_blocks: 5 },
      },
    });
  });

  it("states SwinIR's halo exactly: as far as a NaN in the input spreads", () => {
    expect(found.reaches.map(({ farthest }) => farthest)).toEqual(found.reaches.map(({ halo }) => halo));
  });

  it.each([
    { args: 'esrgan --untrained', code: 64, says: "invalid choice: 'esrgan'" },
    { args: 'swinir', code: 64, says: 'one of the arguments --checkpoint --untrained is required' },
    { args: 'swinir --untrained --checkpoint x.pth', code: 64, says: 'not allowed with argument --untrained' },
    {
      args: 'swinir --untrained --channels 8',
      code: 64,
      says: '--channels 8 is out of range; it takes multiples of 6',
    },
    { args: 'swinir --untrained --depths 2,0', code: 64, says: "invalid depths value: '2,0'" },
    { args: 'basicvsr-pp --untrained --frames 4', code: 64, says: '--frames 4 is too few for --overlap 2' },
    { args: 'basicvsr-pp --untrained --frames 65', code: 64, says: '--frames 65 is out of range; it takes 2 to 64' },
    { args: 'swinir --checkpoint FOLDER/none.pth', code: 66, says: 'no file "FOLDER/none.pth"' },
    { args: 'swinir --untrained --out FOLDER/no/where.onnx', name: 'no/where', code: 73, says: 'no such folder' },
  ])('refuses, before PyTorch is opened, $args', async ({ args, name, code, says }) => {
    expect(await refusal(exported(args, name))).toEqual([
      code,
      expect.stringContaining(says.replace('FOLDER', folder)),
    ]);
  });

  it.each([
    ['words', 'is not a checkpoint that can be read'],
    ['hostile', 'without running code of it: Unsupported class io.open'],
    ['nothing', 'there are no weights in this checkpoint'],
    ['a-list', 'holds a list; a checkpoint is a dict of weights'],
    ['lacking', 'has no conv_first.weight'],
    ['lacking-bias', 'lacks norm.bias'],
    ['more', 'has besides more.weight'],
    ['other-shape', 'norm.weight has the shape (13,); here it is (12,)'],
    ['other-constant', 'relative_position_index holds other constants'],
    ['not-finite', 'is not a number or infinite'],
    ['sparse', 'it is sparse, quantised or complex'],
    ['real-world', 'neither classical nor lightweight'],
    ['eight-times', 'enlarges 8 times; Reelmill takes 2, 3, 4'],
    ['huge', 'conv_first.weight has the shape (1073741824, 3, 3, 3)'],
    ['same-size', 'keeps the size of its pictures'],
    ['odd-groups', '4 channels in 3 groups do not go together'],
    ['no-flow', 'lacks spynet.basic_module.0'],
  ])('refuses a checkpoint as bad input: %s', (name, says) => {
    expect(found.refused[name]).toEqual([65, expect.stringContaining(says)]);
  });

  it('runs nothing of a hostile checkpoint, and leaves no file', async () => {
    const attempt = exported('swinir --checkpoint FOLDER/hostile.pth', 'hostile');
    expect(await refusal(attempt)).toEqual([65, expect.stringContaining('Unsupported class io.open')]);
    for (const name of ['was-run', 'hostile.onnx', 'hostile.onnx.part']) {
      await expect(stat(join(folder, name))).rejects.toMatchObject({ code: 'ENOENT' });
    }
  });

  it('says how to install PyTorch where it is missing', async () => {
    const withoutPackages = startProgram(python, ['-S', SCRIPT, ...SWINIR.split(' '), '--out', join(folder, 'x.onnx')]);
    expect(await refusal(withoutPackages.ended)).toEqual([69, expect.stringContaining('install python3-torch (apt)')]);
  });
});

describe('the small networks in the repository', () => {
  const swinir = `${NETWORKS}/swinir-x2.onnx`;
  const basicvsr = `${NETWORKS}/basicvsr-pp-x4.onnx`;

  it("computes the same bits in a window with SwinIR's halo as in the whole picture, and not with a smaller halo", async () => {
    const [height, width, from, to] = [24, 96, 40, 48];
    const picture = noise(3 * height * width);
    const whole = await enlarged(swinir, picture, [1, height, width]);
    const different = async (around: number) => {
      const [first, across] = [from - around, to - from + 2 * around];
      const part = Float32Array.from({ length: 3 * height * across }, (_, i) => {
        const row = Math.floor(i / across);
        return picture[row * width + first + (i % across)] ?? 0;
      });
      const made = await enlarged(swinir, part, [1, height, across]);
      let count = 0;
      for (let row = 0; row < 3 * 2 * height; row++) {
        for (let x = 2 * from; x < 2 * to; x++) {
          if (made.data[row * 2 * across + x - 2 * first] !== whole.data[row * 2 * width + x]) count++;
        }
      }
      return count;
    };
    expect(await different(24)).toBe(0); // the halo of 23, where windows begin at multiples of 8
    expect(await different(16)).toBeGreaterThan(100);
  });

  it('make each frame of BasicVSR++ depend on every other frame', async () => {
    const [height, width] = [32, 64];
    const frame = 3 * height * width;
    const film = noise(5 * frame);
    const before = await enlarged(basicvsr, film, [5, height, width]);
    for (const changed of [0, 4]) {
      const other = film.map((sample, i) => (Math.floor(i / frame) === changed ? 1 - sample : sample));
      const after = await enlarged(basicvsr, other, [5, height, width]);
      const levels = Array.from({ length: 5 }, (_, at) => {
        const part = (data: Float32Array) => data.subarray(at * 16 * frame, (at + 1) * 16 * frame);
        return 255 * farthestApart(part(before.data), part(after.data));
      });
      expect(levels.every((most) => most > 1)).toBe(true);
    }
  });
});

type Made = { readonly data: Float32Array; readonly dims: readonly number[] };

/** Runs onnxruntime in a process of its own, because jest's realms have other array classes. */
async function enlarged(model: string, input: Float32Array, [frames, height, width]: readonly number[]): Promise<Made> {
  const folder = await temporaryFolder();
  const [from, into] = [join(folder, 'input.f32'), join(folder, 'output.f32')];
  await writeFile(from, input);
  const args = [model, from, into, ...[frames, height, width].map(String)];
  const { code, stdout, stderr } = await startProgram(process.execPath, [RUN_NETWORK, ...args]).ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return { data: await floats(into), dims: JSON.parse(stdout) };
}

async function floats(path: string): Promise<Float32Array> {
  const bytes = await readFile(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function farthestApart(one: Float32Array, other: Float32Array): number {
  if (one.length !== other.length) return Number.POSITIVE_INFINITY;
  return one.reduce((most, sample, i) => Math.max(most, Math.abs(sample - (other[i] ?? Number.NaN))), 0);
}

/** Random numbers, equal on every run. */
function noise(length: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length }, () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  });
}

/** The exporter's exit code and its one sentence. */
async function refusal(ended: Promise<{ code: number | null; stdout: string; stderr: string }>) {
  const { code, stdout, stderr } = await ended;
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^export\.py: [^\n]+\n$/);
  return [code, stderr];
}
