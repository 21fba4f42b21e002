import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { pgs } from '../fixtures/pgs.ts';
import { packetsOf } from '../support/ffprobe.ts';
import { type TestMill, testMill } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const FAST = { preset: 'ultrafast', evenIfLarger: 'true' };
const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
const film = () => makeClip({ file: 'film.mp4', args: ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.6', ...X264] });
const poster = (name: string) =>
  makeClip({ file: name, args: ['-f', 'lavfi', '-i', 'testsrc2=s=96x64', '-frames:v', '1'] });

async function muxed(name: string, inputs: readonly string[], codecs: readonly string[]): Promise<string> {
  const path = join(await temporaryFolder(), name);
  const maps = inputs.flatMap((input, i) => ['-i', input, '-map', `${i}`]);
  const ordered = [...maps.filter((_, i) => i % 4 < 2), ...maps.filter((_, i) => i % 4 >= 2)];
  await run('ffmpeg', ['-v', 'error', ...ordered, '-c', 'copy', ...codecs, path]);
  return path;
}

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('a still picture track before the film', () => {
  it.each(['mp4', 'mkv', 'mov', 'avi'])('is not taken for the film in %s', async (container) => {
    const source = await muxed(`poster.${container}`, [await poster('poster.jpg'), await film()], []);
    const { outcome, manifest, path } = await mill.run(source, 'preserve', FAST);
    expect(outcome).toMatchObject({ status: 'done' });
    const { renditions, streams } = await manifest();
    expect(renditions[0]).toMatchObject({ frames: 15, width: 96, height: 64 });
    expect(streams.find(({ index }) => index === 0)).toMatchObject({ codec: 'mjpeg', fate: 'kept' });
    expect(await packetsOf(path('preserve.mp4'), 'v:0')).toHaveLength(15);
  });
});

describe('a bitmap subtitle whose last display never ends', () => {
  it.each([
    { codec: 'dvdsub', container: 'mp4' },
    { codec: 'dvbsub', container: 'mp4' },
    { codec: 'dvdsub', container: 'mkv' },
  ])('$codec does not make the film longer (container=$container)', async ({ codec, container }) => {
    const white = { width: 16, height: 8, data: new Uint8Array(128).fill(255) };
    const sup = join(await temporaryFolder(), 'endless.sup');
    const whole = pgs({ width: 96, height: 64 }, [
      { startSeconds: 0.2, endSeconds: 0.4, picture: white, left: 8, top: 40 },
    ]);
    await writeFile(
      sup,
      whole.subarray(0, whole.lastIndexOf(Buffer.from([0x50, 0x47, 0, 0, 0x8c, 0xa0, 0, 0, 0, 0, 0x16]))),
    );
    const source = await muxed('endless.mkv', [await film(), sup], ['-c:s', codec]);
    const { outcome, manifest } = await mill.run(source, 'preserve', { ...FAST, container });
    expect(outcome).toMatchObject({ status: 'done' });
    const { source: read, renditions } = await manifest();
    expect(read.durationSeconds).toBeLessThan(1);
    expect(renditions[0]).toMatchObject({ frames: 15 });
  });
});
