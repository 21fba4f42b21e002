import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { presentationTimes } from '../../../core/film/frame-index.ts';
import { keyframeNumbers } from '../../../core/segments/borders.ts';
import { toNumber } from '../../../core/units.ts';
import { ffmpegReader } from '../../../media/ffmpeg-reader.ts';
import { fileOf, makeClip } from '../../fixtures/make.ts';
import { ffprobe } from '../../support/decoded-frames.ts';
import { freshToolbox } from '../../support/toolbox.ts';

const signal = new AbortController().signal;
const RATE = 25;

/** Four seconds of H.264 with B-frames, of which the packets shown near these times are spoilt. */
async function spoiltAt(...seconds: readonly number[]): Promise<string> {
  const input = ['-f', 'lavfi', '-i', `testsrc2=size=160x96:rate=${RATE}:duration=4`];
  const x264 = ['-c:v', 'libx264', '-preset', 'fast', '-g', '25', '-bf', '3', '-pix_fmt', 'yuv420p', '-threads', '1'];
  const clip = await makeClip({ file: 'whole.mp4', args: [...input, ...x264] });
  const { packets } = await ffprobe(clip, '-show_packets', '-select_streams', 'v');
  const bytes = await readFile(clip);
  for (const { pts_time, pos, size } of packets) {
    // one spoilt packet may happen to decode
    if (!seconds.some((time) => Math.abs(Number(pts_time) - time) < 0.13)) continue;
    const [from, length] = [Number(pos), Number(size)];
    for (let i = from + Math.floor(length / 3); i < from + length; i++) bytes[i] = (bytes[i] ?? 0) ^ 0x5a;
  }
  return fileOf('spoilt.mp4', bytes);
}

describe('the frames of a film that are damaged', () => {
  let reader: ReturnType<typeof ffmpegReader>;
  beforeAll(async () => {
    reader = ffmpegReader(await freshToolbox(signal));
  });

  async function damaged(path: string, stretch: { readonly start: number; readonly end: number }) {
    const { probe } = await reader.inspect(path, signal);
    const source = { path, probe, stream: 0 };
    const { index } = await reader.survey(source, { signal, onProgress: () => {} });
    const film = {
      times: presentationTimes(index),
      tickSeconds: toNumber(index.timeBase),
      fileStartSeconds: probe.startSeconds,
      keyframes: keyframeNumbers(index),
    };
    const frames = await reader.findDamage({ ...film, source, stretch }, signal);
    return frames.map((frame) => frame / RATE);
  }

  it('are found within a few frames of where they are shown, in the whole film and in a stretch in its middle', async () => {
    const path = await spoiltAt(1, 3.2);
    const whole = await damaged(path, { start: 0, end: 100 });
    const near = (time: number) => whole.filter((seconds) => Math.abs(seconds - time) < 0.4);
    expect(Math.min(near(1).length, near(3.2).length)).toBeGreaterThanOrEqual(1);
    expect(near(1).length + near(3.2).length).toBe(whole.length);
    const late = await damaged(path, { start: 60, end: 100 });
    expect(late.length).toBeGreaterThanOrEqual(1);
    for (const seconds of late) expect(Math.abs(seconds - 3.2)).toBeLessThan(0.4);
  });

  it('are none in a film that is whole, and none in a stretch before the damage', async () => {
    expect(await damaged(await spoiltAt(), { start: 0, end: 100 })).toEqual([]);
    expect(await damaged(await spoiltAt(3.2), { start: 0, end: 50 })).toEqual([]);
  });
});
