import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { joinedSounds } from '../fixtures/joined-sounds.ts';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { milledFile, QUICK, type TestMill, testMill } from '../support/mill.ts';
import { channelsOf } from '../support/samples.ts';

const run = promisify(execFile);

/** Four seconds of a picture, and two of a tone. */
const half = (hertz: number, rate: number, ...codec: readonly string[]) =>
  makeClip({
    file: 'half.mov',
    args: [
      ...['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=4', '-f', 'lavfi', '-i'],
      `sine=frequency=${hertz}:d=2:sample_rate=${rate}`,
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-c:a', ...codec],
    ],
  });

async function both(first: Promise<string>, second: Promise<string>): Promise<string> {
  return fileOf('both.mov', joinedSounds(await readFile(await first), await readFile(await second)));
}

/** How often a second the wave goes through zero upwards, between two times. */
async function pitch(path: string, from: number, to: number): Promise<number> {
  const rate = ['-v', 'error', '-select_streams', 'a', '-show_entries', 'stream=sample_rate', '-of', 'csv=p=0', path];
  const samplesASecond = Number.parseInt((await run('ffprobe', rate)).stdout, 10);
  const [left = new Float64Array()] = await channelsOf(path);
  const samples = [...left.subarray(Math.floor(from * samplesASecond), Math.floor(to * samplesASecond))];
  return samples.filter((sample, i) => sample >= 0 && (samples[i - 1] ?? 0) < 0).length / (to - from);
}

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('a sound of a movie that has two sample entries', () => {
  it.each([
    { what: 'AAC of another rate', second: () => half(880, 24_000, 'aac', '-ac', '2') },
    { what: 'AAC of other channels', second: () => half(880, 48_000, 'aac', '-ac', '1') },
  ])('is heard to its end where it goes on as $what', async ({ second }) => {
    const source = await both(half(440, 48_000, 'aac', '-ac', '2'), second());
    const { manifest, path } = await milledFile(source, { ...QUICK, evenIfLarger: 'true' });
    expect(await pitch(path('preserve.mp4'), 0.5, 1.5)).toBeCloseTo(440, -1);
    expect(await pitch(path('preserve.mp4'), 2.5, 3.5)).toBeCloseTo(880, -1);
    expect(manifest.streams[1]).toMatchObject({ fate: 'converted', why: expect.stringContaining('midway') });
    const { sidecar = '' } = manifest.streams[1] ?? {};
    expect(await pitch(path(sidecar), 0.5, 1.5)).toBeCloseTo(440, -1);
  });

  it('is copied where both say the same', async () => {
    const source = await both(half(440, 48_000, 'aac'), half(880, 48_000, 'aac'));
    const { manifest } = await milledFile(source, { ...QUICK, evenIfLarger: 'true' });
    expect(manifest.streams[1]).toMatchObject({ fate: 'kept', why: 'its packets are copied' });
  });

  it.each([
    { what: 'another codec', codecs: ['aac', 'ac3'], says: 'AAC, then AC-3 at 0:02.0' },
    { what: 'another kind of samples', codecs: ['pcm_s16le', 'pcm_s24le'], says: '"sowt", then "in24" at 0:02.0' },
  ])(
    'is refused where it becomes $what, with the second at which it does',
    async ({ codecs: [one = '', other = ''], says }) => {
      const source = await both(half(440, 48_000, one), half(880, 48_000, other));
      const { outcome } = await mill.run(source, 'preserve', QUICK);
      const reason = expect.stringContaining(`the sound of stream 1 changes midway: ${says}, so that a part of it`);
      expect(outcome).toMatchObject({ status: 'failed', code: 'bad-input', exitCode: 65, reason });
      const accepted = await milledFile(source, { ...QUICK, evenIfLarger: 'true', damaged: 'accept' });
      expect(accepted.manifest.warnings).toContainEqual(expect.stringContaining('holds only a part of it'));
    },
  );
});
