import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RawSettings } from '../../core/settings/settings.ts';
import { clip, makeClip } from '../fixtures/make.ts';
import { ffprobe } from '../support/decoded-frames.ts';
import { milledFile, QUICK } from '../support/mill.ts';

const AV1 = { ...QUICK, codec: 'av1', evenIfLarger: true } as const;

async function made(source: string, set: RawSettings = {}) {
  const { manifest, path: pathOf } = await milledFile(source, { ...AV1, ...set });
  const path = pathOf(manifest.renditions[0]?.path ?? '');
  return { manifest, path, rendition: manifest.renditions[0] };
}

/** What an independent reader says of the picture. */
async function mediainfo(path: string): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await promisify(execFile)('mediainfo', ['--Output=JSON', path]);
  return JSON.parse(stdout).media.track.find((track: Record<string, string>) => track['@type'] === 'Video');
}

const packets = async (path: string): Promise<readonly { pts: number; dts: number; isKey: boolean }[]> =>
  (await ffprobe(path, '-select_streams', 'V:0', '-show_packets')).packets.map(({ pts, dts, flags }: Packet) => ({
    pts,
    dts,
    isKey: flags.startsWith('K'),
  }));
const x264 = (pixelFormat: string) => ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', pixelFormat];
const pictureOf = (source: string, args: readonly string[], file = 'picture.mp4') =>
  makeClip({ file, args: ['-f', 'lavfi', '-i', source, ...args] });

/** The PSNR of luma against the source, in dB, with these arguments for the decoder. */
async function psnr(path: string, source: string, decoder: readonly string[] = []): Promise<number> {
  const counted = 'format=yuv420p10le,settb=1/25,setpts=N';
  const graph = `[0:v]${counted}[a];[1:v]${counted}[b];[a][b]psnr`;
  const args = ['-hide_banner', ...decoder, '-i', path, '-i', source, '-filter_complex', graph, '-f', 'null', '-'];
  const { stderr } = await promisify(execFile)('ffmpeg', args);
  return Number(/PSNR y:([\d.]+)/.exec(stderr)?.[1]);
}

type Packet = { readonly pts: number; readonly dts: number; readonly flags: string };

describe('a film in AV1', () => {
  let film: Awaited<ReturnType<typeof made>>;
  beforeAll(async () => {
    film = await made(await clip('cfr'));
  });

  it('is 10 bits of AV1 in MP4, every frame at its time, and names its codec for players', async () => {
    expect(film.rendition).toMatchObject({ codec: 'av1', codecString: 'av01.0.00M.10', segments: { total: 2 } });
    expect(await mediainfo(film.path)).toMatchObject({
      Format: 'AV1',
      CodecID: 'av01',
      BitDepth: '10',
      ChromaSubsampling: '4:2:0',
      FrameCount: '50',
    });
  });

  it('begins each segment with a keyframe, and shows its packets in their order', async () => {
    const all = await packets(film.path);
    const starts = film.rendition?.segments.starts ?? [];
    expect(starts).toHaveLength(2);
    expect(all.flatMap(({ isKey }, i) => (isKey ? [i] : []))).toEqual(starts);
    expect(all.every(({ pts, dts }) => pts === dts)).toBe(true);
  });

  it('says nothing of damage, and nothing else that is not so', () => {
    expect(film.manifest.warnings).toEqual([]);
  });

  it('keeps HDR10, and says so in its codec string', async () => {
    const { rendition, path } = await made(await clip('hdr10'));
    expect(rendition?.codecString).toMatch(/^av01\.0\.00M\.10\.0\.11\d\.09\.16\.09\.0$/);
    expect(await mediainfo(path)).toMatchObject({
      HDR_Format_Compatibility: 'HDR10',
      MasteringDisplay_Luminance: 'min: 0.0050 cd/m2, max: 1000 cd/m2',
      MaxCLL: '1000 cd/m2',
      MaxFALL: '400 cd/m2',
      transfer_characteristics: 'PQ',
      colour_primaries: 'BT.2020',
    });
  });

  it('goes into Matroska, and is measured without the grain that its player puts back', async () => {
    const noisy = await pictureOf('testsrc2=size=192x128:rate=25:duration=0.8,noise=alls=20:allf=t', x264('yuv420p'));
    const { rendition, path } = await made(noisy, { container: 'mkv', grain: 30 });
    expect(rendition).toMatchObject({ codec: 'av1', codecString: expect.stringMatching(/^av01\.0\.00M\.10/) });
    expect(await mediainfo(path)).toMatchObject({ CodecID: 'V_AV1', BitDepth: '10' });
    const told = rendition?.checks.find(({ name }) => name === 'colours match the source')?.detail ?? '';
    const without = await psnr(path, noisy, ['-export_side_data', 'film_grain']);
    expect(Number(/luma ([\d.]+) dB/.exec(told)?.[1])).toBeCloseTo(without, 0);
    expect(await psnr(path, noisy)).toBeLessThan(without - 0.2);
  });
});

describe('a picture that AV1 cannot hold', () => {
  it('stays HEVC at the quality that was meant, which is told', async () => {
    const source = await pictureOf('testsrc2=size=96x64:rate=25:duration=0.4', x264('yuv422p'));
    const { manifest, rendition } = await made(source);
    expect(rendition?.codec).toBe('hevc');
    expect(manifest.warnings).toContain(
      'preserve stays HEVC: SVT-AV1 holds 4:2:0 in 10 bits, and this picture is yuv422p',
    );
    expect(rendition?.command.join(' ')).toContain('-crf 23 '); // AV1's usual CRF would be another quality
  });
});

describe('a picture of a kind that is rare', () => {
  it.each([
    { what: 'one frame', source: 'testsrc2=size=96x64:rate=25:duration=0.04', frames: '1' },
    { what: '300 frames a second', source: 'testsrc2=size=64x64:rate=300:duration=0.2', frames: '60' },
    { what: '1,000 frames a second', source: 'testsrc2=size=64x64:rate=1000:duration=0.03', frames: '30' },
    { what: 'in full range', source: 'testsrc2=size=96x64:rate=25:duration=0.2', args: x264('yuvj420p'), frames: '5' },
  ])('becomes AV1: $what', async ({ source, args = x264('yuv420p'), frames }) => {
    const { rendition, path } = await made(await pictureOf(source, args));
    expect(rendition?.codec).toBe('av1');
    expect(await mediainfo(path)).toMatchObject({ Format: 'AV1', FrameCount: frames });
  });

  it('becomes AV1 with sides that are odd', async () => {
    const odd = ['-vf', 'crop=95:65:0:0:exact=1', '-c:v', 'png'];
    const { rendition, path } = await made(
      await pictureOf('testsrc2=size=96x66:rate=25:duration=0.2', [...odd, '-pix_fmt', 'gray'], 'odd.mov'),
    );
    expect(rendition?.codec).toBe('av1');
    expect(await mediainfo(path)).toMatchObject({ Width: '96', Height: '66' });
  });

  it('becomes AV1 on black where it was transparent', async () => {
    const alpha = ['-vf', 'format=yuva420p', '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'];
    const { rendition, manifest } = await made(
      await pictureOf('color=red@0.5:size=96x64:rate=25:duration=0.2,format=yuva420p', alpha, 'alpha.webm'),
    );
    expect(rendition?.codec).toBe('av1');
    expect(manifest.warnings).toContainEqual(
      expect.stringMatching(/alpha channel of yuva420p; recipe vj with codec=hapalpha keeps it/),
    );
  });

  it.each(['gray', 'gray10le'])('is made of grey, and measured: %s', async (pixelFormat) => {
    const args = ['-c:v', 'ffv1', '-pix_fmt', pixelFormat, '-color_range', 'pc'];
    const source = await pictureOf('testsrc2=size=96x64:rate=25:duration=0.4', args, 'grey.mkv');
    const { rendition } = await made(source);
    expect(rendition).toMatchObject({ codec: 'av1', quality: { metric: 'vmaf' } });
    expect(rendition?.checks.filter(({ passed }) => !passed)).toEqual([]);
  });
});
