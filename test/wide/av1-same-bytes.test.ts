import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { encoderArgs } from '../../core/encode/encode-args.ts';
import { encodeSpecFor } from '../../core/encode/encode-spec-for.ts';
import { preserve } from '../../core/recipes/preserve.ts';
import { candidates } from '../../core/recipes/renditions.ts';
import { resolveSettings } from '../../core/settings/settings.ts';
import { makeClip } from '../fixtures/make.ts';
import { aVideo } from '../fixtures/probes.ts';
import { sha256 } from '../support/hash.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('a segment in AV1 has the same bytes with 1, 2 and 16 processors, all at once on one machine', async () => {
  const size = { width: 160, height: 96 };
  const picture = ['-f', 'lavfi', '-i', 'mandelbrot=size=160x96:rate=25', '-frames:v', '40', '-c:v', 'ffv1'];
  const source = await makeClip({ file: 'forty.mkv', args: picture });
  const settings = resolveSettings(preserve, { codec: 'av1', preset: 'ultrafast', grain: 8 });
  const [rendition] = candidates(preserve, settings);
  if (!rendition) throw new Error('preserve makes nothing');
  const frameRate = { num: 25, den: 1 };
  const { spec } = encodeSpecFor({ rendition, settings, video: aVideo(size), frameRate, tools: {} });
  const folder = await temporaryFolder();
  const encoded = async (processors: number, turn: number) => {
    const args = encoderArgs(spec).map((arg) => arg.replace(/^lp=2:/, `lp=${processors}:`));
    const output = join(folder, `${processors}-${turn}.nut`);
    const command = ['-v', 'error', '-i', source, ...args, '-fflags', '+bitexact', '-f', 'nut', output];
    await promisify(execFile)('ffmpeg', command, { env: { ...process.env, SVT_LOG: '1' } });
    expect((await readFile(output)).length).toBeGreaterThan(1000);
    return sha256(output);
  };
  const all = await Promise.all([1, 2, 16].flatMap((processors) => [0, 1].map((turn) => encoded(processors, turn))));
  expect(new Set(all).size).toBe(1);
});
