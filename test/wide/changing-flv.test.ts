import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { milledFile, QUICK, type TestMill, testMill } from '../support/mill.ts';
import { channelsOf } from '../support/samples.ts';

const run = promisify(execFile);
const HALF_MS = 2000;

/** Two seconds of an FLV with a tone. */
const half = (hertz: number, rate: number, ...codec: readonly string[]) =>
  makeClip({
    file: 'half.flv',
    args: [
      ...['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=2', '-f', 'lavfi', '-i'],
      `sine=frequency=${hertz}:d=2:sample_rate=${rate}`,
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-c:a', ...codec],
    ],
  });

/** The tags of an FLV with their times, without those that describe the film and the end of its picture. */
function* tagsOf(flv: Buffer): Generator<Buffer> {
  for (let at = 13; at + 11 <= flv.length; ) {
    const end = at + 11 + flv.readUIntBE(at + 1, 3) + 4;
    const isEndOfPicture = flv[at] === 9 && flv[at + 12] === 2;
    if (flv[at] !== 18 && !isEndOfPicture) yield flv.subarray(at, end);
    at = end;
  }
}

const later = (tag: Buffer) => {
  const moved = Buffer.from(tag);
  moved.writeUIntBE(tag.readUIntBE(4, 3) + HALF_MS, 4, 3);
  return moved;
};

/** What a restreamer leaves that goes from one program to the next within one film. */
async function both(first: Promise<string>, second: Promise<string>): Promise<string> {
  const [one, other] = [await readFile(await first), await readFile(await second)];
  return fileOf('both.flv', Buffer.concat([one.subarray(0, 13), ...tagsOf(one), ...[...tagsOf(other)].map(later)]));
}

/** How often a second the wave of a channel goes through zero upwards, between two times. */
async function pitch(path: string, from: number, to: number): Promise<{ hertz: number; level: number }> {
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-select_streams', 'a', '-show_entries', 'stream=sample_rate', '-of', 'csv=p=0', path],
  ]);
  const rate = Number.parseInt(stdout, 10);
  const [left = new Float64Array()] = await channelsOf(path);
  const samples = [...left.subarray(Math.floor(from * rate), Math.floor(to * rate))];
  const ups = samples.filter((sample, i) => sample >= 0 && (samples[i - 1] ?? 0) < 0).length;
  return {
    hertz: ups / (to - from),
    level: Math.sqrt(samples.reduce((sum, each) => sum + each ** 2, 0) / samples.length),
  };
}

/** The times of the packets of a sound in milliseconds, which are the ticks of an FLV, without those for which the packets before leave no room. */
async function timesOfSound(path: string): Promise<readonly number[]> {
  const asked = ['-select_streams', 'a', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0'];
  const { stdout } = await run('ffprobe', ['-v', 'error', ...asked, path]);
  const times = stdout.split('\n').map(Number.parseFloat).filter(Number.isFinite);
  const sinceFirst = times.map((time) => Math.round(1000 * (time - (times[0] ?? 0))));
  return sinceFirst.filter((time, i) => time > Math.max(-1, ...sinceFirst.slice(0, i)));
}

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('sound that changes midway in an FLV', () => {
  it.each([
    { what: 'rate', second: () => half(880, 48_000, 'aac', '-ac', '1') },
    { what: 'channels', second: () => half(880, 44_100, 'aac', '-ac', '2') },
  ])('keeps its pitch where the $what of AAC change', async ({ second }) => {
    const source = await both(half(440, 44_100, 'aac', '-ac', '1'), second());
    const { manifest, path } = await milledFile(source, { ...QUICK, evenIfLarger: 'true' });
    const [before, behind] = [await pitch(path('preserve.mp4'), 0.5, 1.5), await pitch(path('preserve.mp4'), 2.5, 3.5)];
    expect(before.hertz).toBeCloseTo(440, -1);
    expect(behind.hertz).toBeCloseTo(880, -1);
    expect(behind.level / before.level).toBeCloseTo(1, 0);
    expect(manifest.streams[1]).toMatchObject({ fate: 'converted', why: expect.stringContaining('midway') });
    const { sidecar = '' } = manifest.streams[1] ?? {};
    expect((await pitch(path(sidecar), 0.5, 1.5)).hertz).toBeCloseTo(440, -1);
  });

  it.each([
    { what: 'rate', rate: 22_050, channels: '1' },
    { what: 'channels', rate: 44_100, channels: '2' },
  ])('keeps the packets of MP3 at their times where their $what change', async ({ rate, channels }) => {
    const second = half(880, rate, 'libmp3lame', '-ac', channels);
    const source = await both(half(440, 44_100, 'libmp3lame', '-ac', '1'), second);
    const { manifest, path } = await milledFile(source, { ...QUICK, evenIfLarger: 'true' });
    expect(manifest.streams[1]).toMatchObject({ fate: 'kept' });
    const found = await timesOfSound(path('preserve.mp4'));
    const apart = (await timesOfSound(source)).map((time) => Math.min(...found.map((each) => Math.abs(each - time))));
    expect(apart.length).toBeGreaterThan(150);
    expect(Math.max(...apart)).toBeLessThanOrEqual(1);
  });

  it('keeps its pitch and its seconds where rate and channels of MP3 change and it is encoded', async () => {
    const second = half(880, 22_050, 'libmp3lame', '-ac', '2');
    const source = await both(half(440, 44_100, 'libmp3lame', '-ac', '1'), second);
    const { manifest, path } = await milledFile(source, { codec: 'av1', container: 'webm', evenIfLarger: 'true' });
    const film = path(manifest.renditions[0]?.path ?? '');
    const [before, behind] = [await pitch(film, 0.5, 1.9), await pitch(film, 2.1, 3.5)];
    expect(before.hertz).toBeCloseTo(440, -1);
    expect(behind.hertz).toBeCloseTo(880, -1);
    expect(behind.level / before.level).toBeCloseTo(1, 0);
    const change = 'its channels change midway (mono, then stereo), and its sample rate changes midway';
    expect(manifest.streams[1]).toMatchObject({ fate: 'converted', why: expect.stringContaining(change) });
  });

  it('is refused where its codec changes, since the rest of it would be missing', async () => {
    const source = await both(half(440, 44_100, 'aac'), half(880, 44_100, 'libmp3lame'));
    const reason = expect.stringMatching(/codec of its sound changes midway: AAC, then MP3 at 0:02\.0,/);
    const { outcome } = await mill.run(source, 'preserve', QUICK);
    expect(outcome).toMatchObject({ status: 'failed', code: 'bad-input', exitCode: 65, reason });
    const accepted = await milledFile(source, { ...QUICK, evenIfLarger: 'true', damaged: 'accept' });
    expect(accepted.manifest.warnings).toContainEqual(reason);
  });
});
