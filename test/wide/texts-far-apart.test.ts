import { expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { ffprobe } from '../support/decoded-frames.ts';
import { milledFile, QUICK } from '../support/mill.ts';

const TEXTS = '1\n00:00:01,000 --> 00:00:02,000\nEins\n\n2\n01:00:00,500 --> 01:00:01,000\nZwei\n';
const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=1/100:d=3700'];
const film = () =>
  makeClip({
    file: 'far-apart.mkv',
    files: { 'far.srt': TEXTS },
    args: [...picture, '-i', '@far.srt', '-c:v', 'libx264', '-preset', 'ultrafast', '-c:s', 'srt'],
  });

// ffmpeg's own subtitles of an MP4 come too early behind a gap of 35 minutes
it('texts an hour apart are in an MP4 at their times', async () => {
  const { manifest, path } = await milledFile(await film(), { ...QUICK, evenIfLarger: 'true' });
  expect(manifest.streams[1]).toMatchObject({ fate: 'converted' });
  expect(await timesOfTexts(path('preserve.mp4'))).toEqual([1, 3600.5]);
});

it('and in a Matroska', async () => {
  const { path } = await milledFile(await film(), { ...QUICK, evenIfLarger: 'true', container: 'mkv' });
  expect(await timesOfTexts(path('preserve.mkv'))).toEqual([1, 3600.5]);
});

/** When texts begin. Between two of them an MP4 has one without letters, of two bytes. */
async function timesOfTexts(path: string): Promise<readonly number[]> {
  const { packets } = await ffprobe(path, '-select_streams', 's', '-show_entries', 'packet=pts_time,size');
  return packets.flatMap(({ pts_time: time, size }: { pts_time: string; size: string }) =>
    Number(size) > 2 ? [Number(time)] : [],
  );
}
