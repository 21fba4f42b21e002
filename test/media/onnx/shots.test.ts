import { describe, expect, it } from '@jest/globals';
import { framePool } from '../../../media/nut/frames.ts';
import { readNutFrames } from '../../../media/nut/read-nut-frames.ts';
import { shotBeginnings, sparseLuma } from '../../../media/onnx/shots.ts';
import { planesOf } from '../../../media/onnx/windows.ts';
import { ffmpeg, textOf } from '../nut/ffmpeg.ts';

/** A film with two hard cuts, a fade of a second, and one flash. */
const SHOTS = [
  'testsrc2=s=322x182:r=25:d=1',
  'smptebars=s=322x182:r=25:d=1',
  'mandelbrot=s=322x182:r=25,trim=duration=1,fade=t=out:d=1',
  'color=black:s=322x182:r=25:d=1',
  'color=white:s=322x182:r=25:d=0.04',
  'color=gray:s=322x182:r=25:d=1',
];
const FILM = [
  ...SHOTS.map((shot, i) => `${shot},setsar=1,format=yuv420p[s${i}]`),
  `${SHOTS.map((_, i) => `[s${i}]`).join('')}concat=n=${SHOTS.length},settb=1/25,setpts=N`,
].join(';');

describe('the shots of a film', () => {
  it.each(['yuv420p', 'yuv420p10le'] as const)('begin in %s where ffmpeg finds cuts', async (pixelFormat) => {
    const exact = ['-c:v', 'rawvideo', '-fps_mode', 'passthrough', '-enc_time_base', '-1', '-f', 'nut', 'pipe:1'];
    const decoder = ffmpeg('-filter_complex', `${FILM},format=${pixelFormat}`, ...exact);
    const begins = shotBeginnings();
    const found: number[] = [];
    let number = 0;
    for await (const { data, width, height } of readNutFrames(decoder.stdout, framePool())) {
      const [luma] = planesOf(data, { pixelFormat, width, height });
      if (luma && begins(sparseLuma(luma, pixelFormat === 'yuv420p' ? 8 : 10))) found.push(number);
      number++;
    }
    const marked = `${FILM},format=${pixelFormat},scdet=s=1,metadata=print:key=lavfi.scd.time:file=-`;
    const told = ffmpeg('-filter_complex', marked, '-f', 'null', '-');
    const theirs = [...(await textOf(told.stdout)).matchAll(/scd\.time=([\d.]+)/g)].map(([, time]) =>
      Math.round(Number(time) * 25),
    );
    await Promise.all([decoder.ended, told.ended]);
    expect(found).toEqual(theirs);
    expect(found).toContain(25);
    expect(found.length).toBeGreaterThan(2);
  });
});
