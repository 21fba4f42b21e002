import { dirname } from 'node:path';
import { expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { milledFile } from '../support/mill.ts';
import { openBrowser } from '../support/open-browser.ts';
import { rangeServer } from '../support/range-server.ts';
import { bars, barsOnScreen, farthest, type Rgb } from '../support/screen-colours.ts';

type Played = {
  readonly said: string;
  readonly seconds: number;
  readonly pictures: number;
  readonly soundBytes: number;
  readonly colours: readonly Rgb[];
};

/** Plays a film to its end and draws its last picture. */
const PLAYED = `async (url) => {
  const video = document.createElement('video');
  const when = (event) => new Promise((resolve, reject) => {
    video.addEventListener(event, resolve, { once: true });
    video.onerror = () => reject(new Error(video.error.message));
  });
  video.src = url;
  video.volume = 0.01;
  const ended = when('ended');
  await video.play();
  await ended;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, 0);
  return {
    said: video.canPlayType('video/webm; codecs="av01.0.00M.10, opus"'),
    seconds: video.duration,
    pictures: video.getVideoPlaybackQuality().totalVideoFrames,
    soundBytes: video.webkitAudioDecodedByteCount,
    colours: [0.07, 0.21, 0.36, 0.5, 0.64, 0.79, 0.93].map((middle) =>
      [...context.getImageData(Math.floor(canvas.width * middle), Math.floor(canvas.height * 0.3), 1, 1).data].slice(0, 3)),
  };
}`;

it('a film in WebM is played by Chromium to its end, picture and sound, in its colours', async () => {
  const source = await makeClip({
    file: 'bars.mp4',
    args: [
      ...['-f', 'lavfi', '-i', 'sine=d=1', ...bars('320x180', { matrix: '709', range: 'limited', format: 'yuv420p' })],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '8', '-colorspace', 'bt709', '-color_primaries', 'bt709'],
      ...['-color_trc', 'bt709', '-c:a', 'aac'],
    ],
  });
  const settings = { preset: 'ultrafast', codec: 'av1', container: 'webm', evenIfLarger: true };
  const { path } = await milledFile(source, settings);
  const server = await rangeServer(dirname(path('manifest.json')));
  const browser = await openBrowser('--autoplay-policy=no-user-gesture-required');
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0); // jest ends a test that waits in vain
    await page.goto(`${server.url}/manifest.json`);
    const played: Played = await page.evaluate(`(${PLAYED})('${server.url}/preserve.webm')`);
    expect(played).toMatchObject({ said: 'probably', pictures: 5 });
    expect(played.seconds).toBeCloseTo(1, 1);
    expect(played.soundBytes).toBeGreaterThan(0);
    expect(farthest(await barsOnScreen(source), played.colours)).toBeLessThan(14);
  } finally {
    await browser.close();
    await server.close();
  }
});
