import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { ffprobe } from '../support/decoded-frames.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { reelmill } from '../support/reelmill.ts';

const TEXTS = '1\n00:00:01,000 --> 00:00:02,000\nEins\n\n2\n01:00:00,500 --> 01:00:01,000\nZwei\n';
const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=1/100:d=3700'];
const film = () =>
  makeClip({
    file: 'far-apart.mkv',
    files: { 'far.srt': TEXTS },
    args: [...picture, '-i', '@far.srt', '-c:v', 'libx264', '-preset', 'ultrafast', '-c:s', 'srt'],
  });

it('texts an hour apart lie beside an MP4 with their times, where ffmpeg would write others into it', async () => {
  const { manifest, path } = await milledFile(await film(), { ...QUICK, evenIfLarger: 'true' });
  expect(manifest.streams[1]).toMatchObject({
    fate: 'kept',
    why: 'MP4 would show its texts too early behind 59:58 without one; the subrip itself is in the sidecar',
  });
  const { streams } = await ffprobe(path('preserve.mp4'), '-show_entries', 'stream=codec_type');
  expect(streams.map(({ codec_type: type }: { codec_type: string }) => type)).toEqual(['video']);
  const [{ path: name } = { path: '' }] = manifest.sidecars;
  const beside = await readFile(path(name), 'utf8');
  expect(beside).toContain('00:00:01,000 --> 00:00:02,000\nEins');
  expect(beside).toContain('01:00:00,500 --> 01:00:01,000\nZwei');
});

it('and plan foresees it', async () => {
  const { last } = await reelmill(['plan', await film(), '--recipe', 'preserve', '--json']);
  const why = 'MP4 would show its texts too early behind 59:58 without one; the subrip itself is in the sidecar';
  expect(last).toMatchObject({ streams: [{}, { fate: 'kept', why }] });
});

it('and are in a Matroska', async () => {
  const { path } = await milledFile(await film(), { ...QUICK, evenIfLarger: 'true', container: 'mkv' });
  const { packets } = await ffprobe(path('preserve.mkv'), '-select_streams', 's', '-show_entries', 'packet=pts_time');
  expect(packets.map(({ pts_time: time }: { pts_time: string }) => Number(time))).toEqual([1, 3600.5]);
});
