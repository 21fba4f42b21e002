import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { presentationTimes } from '../../../core/film/frame-index.ts';
import type { StillsTask } from '../../../core/ports/file-maker.ts';
import { keyframeNumbers } from '../../../core/segments/borders.ts';
import { toNumber } from '../../../core/units.ts';
import { ffmpegReader } from '../../../media/ffmpeg-reader.ts';
import { stillPair, stills } from '../../../media/pictures/stills.ts';
import type { Toolbox } from '../../../media/tools/toolbox.ts';
import { makeClip } from '../../fixtures/make.ts';
import { freshToolbox } from '../../support/toolbox.ts';

const signal = new AbortController().signal;
const FRAMES = 160;

/** Frame n is as bright as n + 40. */
const GREYS = {
  file: 'greys.mp4',
  args: [
    ...['-f', 'lavfi', '-i', `nullsrc=size=64x32:rate=25:duration=${FRAMES / 25},format=gray,geq=lum=N+40`],
    ...['-c:v', 'libx264', '-qp', '1', '-g', '50', '-bf', '2', '-pix_fmt', 'yuvj420p', '-threads', '1'],
  ],
};

describe('pictures of a film', () => {
  let toolbox: Toolbox;
  let film: Omit<StillsTask, 'frames'>;
  beforeAll(async () => {
    toolbox = await freshToolbox(signal);
    const reader = ffmpegReader(toolbox);
    const path = await makeClip(GREYS);
    const { probe } = await reader.inspect(path, signal);
    const source = { path, probe, stream: 0 };
    const { index } = await reader.survey(source, { signal, onProgress: () => {} });
    film = {
      ...{ source, times: presentationTimes(index), tickSeconds: toNumber(index.timeBase) },
      fileStartSeconds: probe.startSeconds,
      ...{ keyframes: keyframeNumbers(index), filters: [], margin: 0, sequential: false, turn: [] },
      ...{ size: { width: 32, height: 16 }, quality: 90 },
    };
  });

  /** The numbers of the frames that were taken, by their brightness, and their sizes. */
  async function taken(more: Partial<StillsTask> & Pick<StillsTask, 'frames'>) {
    const pictures = await stills(toolbox.ffmpeg.path, { ...film, ...more }, signal);
    return Promise.all(
      pictures.map(async (jpeg) => {
        const [{ format, width, height }, { channels }] = await Promise.all([
          sharp(jpeg).metadata(),
          sharp(jpeg).stats(),
        ]);
        return { format, size: `${width}x${height}`, frame: Math.round((channels[0]?.mean ?? 0) - 40) };
      }),
    );
  }

  it.each([
    ['by a seek', [0]],
    ['by a seek', [137]],
    ['by a seek, on a keyframe', [100]],
    ['by one decode', [0, 3, 51, 99, 159]],
  ])('are exactly the frames that were asked for: %s, %j', async (_, frames) => {
    const pictures = await taken({ frames });
    expect(pictures.map(({ frame }) => frame)).toEqual(frames);
    for (const { format, size } of pictures) expect([format, size]).toEqual(['jpeg', '32x16']);
  });

  it('are read from the beginning where a film cannot be sought', async () => {
    expect(await taken({ frames: [137], sequential: true })).toMatchObject([{ frame: 137 }]);
  });

  it('are turned upright', async () => {
    const turned = { frames: [7], turn: ['transpose=clock'], size: { width: 16, height: 32 } };
    expect(await taken(turned)).toEqual([{ format: 'jpeg', size: '16x32', frame: 7 }]);
  });

  it('of two films are taken by one process, the first one first', async () => {
    const task = (frame: number) => ({ ...film, frames: [frame] });
    const pair = await stillPair(toolbox.ffmpeg.path, [task(137), { ...task(20), sequential: true }], signal);
    const alone = [...(await stills(toolbox.ffmpeg.path, task(137), signal))];
    alone.push(...(await stills(toolbox.ffmpeg.path, task(20), signal)));
    expect(pair).toEqual(alone);
  });

  it('of two films are none where one of them ends early', async () => {
    const pair = [137, 500].map((frame) => ({ ...film, frames: [frame], sequential: true }));
    const [first = film, second = film] = pair;
    const taken = stillPair(
      toolbox.ffmpeg.path,
      [
        { frames: [], ...first },
        { frames: [], ...second },
      ],
      signal,
    );
    expect(await taken.catch(({ code }) => code)).toBeUndefined();
  });

  it('are as many as there are where the film ends early', async () => {
    expect(await taken({ frames: [150, 500], sequential: true })).toMatchObject([{ frame: 150 }]);
  });
});
