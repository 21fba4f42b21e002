import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { type TestMill, testMill } from '../support/mill.ts';
import { channelsOf } from '../support/samples.ts';

const mediainfo = promisify(execFile);
const RATE = 48_000;
const picture = (seconds: number) => ['-f', 'lavfi', '-i', `testsrc2=size=64x64:rate=25:duration=${seconds}`];
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('the sound of a loop', () => {
  it.each([
    { of: 'PCM', file: 'long.mov', codec: 'pcm_s16le', cut: '0.50' },
    { of: 'FLAC', file: 'long.mkv', codec: 'flac', cut: '0.50' },
    { of: 'AAC', file: 'long.mp4', codec: 'aac', cut: '0.50' },
  ])('of $of ends with the picture, and what is cut of it is told', async ({ file, codec, cut }) => {
    const sound = ['-f', 'lavfi', '-i', "sine=d=1.5:r=48000,volume='if(lt(t,0.5),1,0.1)':eval=frame"];
    const source = await makeClip({ file, args: [...picture(1), ...sound, ...x264, '-c:a', codec] });
    const { outcome, manifest, path } = await mill.run(source, 'vj');
    expect(outcome).toMatchObject({ status: 'done' });
    const { renditions, streams, warnings } = await manifest();
    expect(warnings).toEqual([
      `hap ends with its picture: ${cut} s of the sound of stream 1, which goes on longer, are left out`,
    ]);
    expect(streams[1]).toMatchObject({
      fate: 'converted',
      why: expect.stringContaining(`its ${cut} s behind the end`),
    });
    expect(renditions[0]?.checks).toContainEqual(
      expect.objectContaining({ name: 'sound of stream 1 is in its place', passed: true }),
    );
    const [mono = new Float64Array()] = await channelsOf(path('hap.mov'));
    expect(mono.length).toBe(RATE);
    const { stdout } = await mediainfo('mediainfo', ['--Inform=General;%Duration%', path('hap.mov')]);
    expect(stdout.trim()).toBe('1000');
  });

  it('tells in milliseconds what is cut of it, where that is less than a hundredth of a second', async () => {
    const sound = ['-f', 'lavfi', '-i', 'sine=d=1.004:r=48000'];
    const source = await makeClip({
      file: 'by-a-hair.mov',
      args: [...picture(1), ...sound, ...x264, '-c:a', 'pcm_s16le'],
    });
    const { manifest } = await mill.run(source, 'vj');
    const { streams } = await manifest();
    expect(streams[1]).toMatchObject({ why: expect.stringMatching(/its 4 ms behind the end of the picture are cut/) });
  });

  it.each([
    { of: 'PCM', file: 'early.mkv', codec: 'pcm_s16le' },
    { of: 'FLAC', file: 'early.mkv', codec: 'flac' },
    { of: 'AAC', file: 'early.mp4', codec: 'aac' },
  ])('of $of begins with the picture, at 0, and what is cut of it is told', async ({ file, codec }) => {
    const sound = ['-f', 'lavfi', '-i', "sine=d=1.6:r=48000,volume='if(lt(t,1),1,0.01)':eval=frame"];
    const args = [
      '-itsoffset',
      '0.48',
      ...picture(1),
      ...sound,
      ...x264,
      '-bf',
      '0',
      '-fps_mode',
      'passthrough',
      '-c:a',
      codec,
    ];
    const { outcome, manifest, path } = await mill.run(await makeClip({ file, args }), 'vj');
    expect(outcome).toMatchObject({ status: 'done' });
    const { renditions, streams, warnings } = await manifest();
    expect(warnings[0]).toMatch(/^hap begins with its picture: 0\.(48|50) s of the sound of stream 1/);
    expect(streams[1]).toMatchObject({ fate: 'converted', why: expect.stringContaining('s before the first picture') });
    expect(renditions[0]?.checks).toContainEqual(
      expect.objectContaining({ name: 'sound of stream 1 is in its place', passed: true }),
    );
    const movie = await readFile(path('hap.mov'));
    expect(movie.subarray(movie.indexOf('elst') + 12).readInt32BE(4)).toBe(0); // no edit shows nothing
    const [mono = new Float64Array()] = await channelsOf(path('hap.mov'));
    expect(Math.abs(mono.length - RATE)).toBeLessThan(RATE / 100);
    const quietFrom = mono.findLastIndex((sample) => Math.abs(sample) > 0.02) / RATE;
    expect(Math.abs(quietFrom - 0.52)).toBeLessThan(0.03);
  });

  it('leaves a loop without sound no time before its picture', async () => {
    const text = await fileOf('early.srt', '1\n00:00:00,000 --> 00:00:01,000\nearly\n');
    const args = ['-itsoffset', '0.48', ...picture(1), '-i', text, ...x264, '-bf', '0'];
    const { outcome, path } = await mill.run(await makeClip({ file: 'silent.mkv', args }), 'vj');
    expect(outcome).toMatchObject({ status: 'done' });
    const { stdout } = await mediainfo('mediainfo', ['--Inform=General;%Duration%', path('hap.mov')]);
    expect(stdout.trim()).toBe('1000');
  });
});
