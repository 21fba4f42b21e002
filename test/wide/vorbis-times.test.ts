import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { cutVorbis, oggPages, type Page, pageBytes } from '../fixtures/ogg.ts';
import { milledFile, QUICK } from '../support/mill.ts';

const RATE = 48_000;
const LATEST_SECONDS = 0.001;
const settings = { ...QUICK, evenIfLarger: 'true' };

/** When a tone of 1 kHz begins that the film's generator lets begin at a time, by what sounds where a player puts it. */
async function beginOfTone(path: string): Promise<number> {
  const samples = await samplesOf(path, ['-af', 'aresample=async=1:min_hard_comp=0.0001:first_pts=0']);
  return samples.findIndex((each) => Math.abs(each) > 0.2) / RATE;
}

async function samplesOf(path: string, filters: readonly string[] = []): Promise<Float64Array> {
  const args = [
    '-v',
    'error',
    '-i',
    path,
    '-map',
    '0:a:0',
    ...filters,
    '-ac',
    '1',
    '-ar',
    `${RATE}`,
    '-f',
    'f32le',
    '-',
  ];
  const { stdout } = await execa('ffmpeg', args, { encoding: 'buffer', maxBuffer: 64 << 20 });
  const bytes = Buffer.from(stdout);
  return Float64Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}

const film = (sound: string, seconds: number, file: string) => {
  const inputs = [
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=96x64:r=25:d=2',
    '-f',
    'lavfi',
    '-i',
    `${sound}:s=${RATE}:d=${seconds}`,
  ];
  return makeClip({
    file,
    args: [...inputs, '-c:v', 'libtheora', '-q:v', '6', '-c:a', 'libvorbis', '-q:a', '0'],
  });
};
const tone = (from: number) => `aevalsrc='if(gte(t,${from}),0.6*sin(2*PI*1000*t),0)'`;

/** How long it is from each packet of sound of a Matroska to the next, as mkvextract tells it, in ms. */
async function lengthsIn(path: string): Promise<readonly number[]> {
  const times = `${path}.txt`;
  await execa('mkvextract', [path, 'timestamps_v2', `1:${times}`]);
  const shown = (await readFile(times, 'utf8')).trim().split('\n').slice(1, -1).map(Number); // the last line is the end
  return shown.slice(1).map((time, i) => time - (shown[i] ?? 0));
}

describe('Vorbis in Ogg is at its time', () => {
  let cut: string;
  beforeAll(async () => {
    // long blocks of 2048 samples up to the tone, and short ones of 256 from 46656 on, where a sound gives (2048 + 256) / 4 samples
    const whole = await readFile(await film(tone(1), 1.7, 'whole.ogv'));
    cut = await fileOf('cut.ogv', cutVorbis(whole, 46, 46_656));
  });

  it('where a long block with which it begins is followed by short ones', async () => {
    const { path } = await milledFile(cut, settings);
    const begins = await beginOfTone(path('preserve.mp4'));
    expect(Math.abs(begins - (RATE - 46_656) / RATE)).toBeLessThan(LATEST_SECONDS);
  });

  it('where all of it lies on one page, and it ends where it ended', async () => {
    const { path, manifest } = await milledFile(await film(tone(0.1), 0.3, 'short.ogv'), settings);
    const begins = await beginOfTone(path('preserve.mp4'));
    expect(Math.abs(begins - 0.1)).toBeLessThan(LATEST_SECONDS);
    const sidecar = path(`${manifest.streams[1]?.sidecar}`);
    expect((await samplesOf(sidecar)).length).toBe(0.3 * RATE);
  });

  it('and a recording that was cut is told to be so', async () => {
    const whole = await readFile(await film(tone(1), 1.7, 'uncut.ogv'));
    const pages = oggPages(whole);
    const [serial, end] = [(page: Page) => page.head.readUInt32LE(14), (page: Page) => page.head.readUInt8(5) & 4];
    const sound = pages.filter(end).find((page) => serial(page) === serial(pages[1] ?? page));
    const without = pages.filter((page) => page !== sound);
    const source = await fileOf('cut-off.ogv', Buffer.concat(without.map((page) => pageBytes(page))));
    await expect(milledFile(source, settings)).rejects.toThrow(/has no last page/);
    const { manifest } = await milledFile(source, { ...settings, damaged: 'accept' });
    expect(manifest.warnings).toContainEqual(expect.stringMatching(/has no last page/));
  });

  it('packet for packet, where they are copied', async () => {
    const { path } = await milledFile(await film(tone(1), 1.7, 'copied.ogv'), { ...settings, container: 'mkv' });
    const lengths = await lengthsIn(path('preserve.mkv'));
    const known = [128, 576, 1024].map((samples) => (1000 * samples) / RATE);
    const isKnown = (length: number) => known.some((each) => Math.abs(each - length) <= 1);
    expect(lengths.slice(1).filter((each) => !isKnown(each))).toEqual([]);
    expect(lengths.length).toBeGreaterThan(80);
  });
});
