import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RenditionRecord } from '../../core/job/manifest.ts';
import { makeClip } from '../fixtures/make.ts';
import { decodedFrames } from '../support/decoded-frames.ts';
import { type TestMill, testMill } from '../support/mill.ts';

const film = (seconds: number) => `testsrc2=size=128x104:rate=24:duration=${seconds},format=yuv420p`;
const video = 'testsrc2=size=128x104:rate=60000/1001:duration=1,format=yuv420p,tinterlace=interleave_top';
const lossless = ['-c:v', 'ffv1', '-g', '10'];
const exact = { preset: 'ultrafast', lossless: 'true', evenIfLarger: 'true', segmentSeconds: '1' };

const asFilm = { file: 'film.mkv', args: ['-f', 'lavfi', '-i', film(1.25), ...lossless] };
const telecined = (order: 'top' | 'bottom', flag: string) =>
  `telecine=first_field=${order}:pattern=23,setfield=${flag}`;
const whole = (order: 'top' | 'bottom', flag: string) => ({
  file: `${order}-${flag}.mkv`,
  args: ['-f', 'lavfi', '-i', `${film(1.25)},${telecined(order, flag)}`, ...lossless],
});
const withTitles = {
  file: 'with-titles.mkv',
  args: [
    ...['-f', 'lavfi', '-i', `testsrc=size=128x104:rate=30:duration=1,format=yuv420p,scroll=h=0.02,setfield=tff`],
    ...['-f', 'lavfi', '-i', `${film(1.25)},${telecined('top', 'tff')}`],
    ...[
      '-filter_complex',
      '[0]settb=1/30,setpts=N,setsar=1[a];[1]settb=1/30,setpts=N[b];[a][b]concat=n=2',
      ...lossless,
    ],
  ],
};
const withVideo = {
  file: 'with-video.mkv',
  args: [
    ...['-f', 'lavfi', '-i', `${film(1)},${telecined('top', 'tff')}`],
    ...['-f', 'lavfi', '-i', `${video},setfield=tff`],
    ...['-filter_complex', '[0]settb=1/30,setpts=N[a];[1]settb=1/30,setpts=N[b];[a][b]concat=n=2', ...lossless],
  ],
};
const deep = {
  file: 'deep.mkv',
  args: ['-f', 'lavfi', '-i', `${film(1)},${telecined('top', 'tff')},format=yuv422p10le`, ...lossless],
};

const md5s = async (path: string) => (await decodedFrames(path, 'yuv420p')).map(({ md5 }) => md5);

describe('hard telecine', () => {
  let mill: TestMill;
  let pictures: ReadonlySet<string>;
  beforeAll(async () => {
    mill = await testMill();
    pictures = new Set(await md5s(await makeClip(asFilm)));
  });

  async function made(clip: Parameters<typeof makeClip>[0]) {
    const source = await mill.own(await makeClip(clip), clip.file);
    const { outcome, manifest, path } = await mill.run(source, 'preserve', exact);
    expect(outcome).toMatchObject({ status: 'done' });
    const { renditions, warnings } = await manifest();
    const [rendition] = renditions;
    if (!rendition) throw new Error('nothing was made');
    return { source, rendition, warnings, file: path(rendition.path) };
  }
  const isTelecine = ({ fields }: RenditionRecord) => fields?.parts.map(({ telecine = false }) => telecine);

  it.each([
    { what: 'flagged in the wrong order', clip: whole('bottom', 'tff') },
    { what: 'flagged as progressive', clip: whole('top', 'prog') },
  ])('becomes one whole film picture of each frame, and none is lost: $what', async ({ clip }) => {
    const { rendition, warnings, source, file } = await made(clip);
    const [frames, shown] = await Promise.all([md5s(source), md5s(file)]);
    expect(shown).toHaveLength(frames.length);
    expect(shown.filter((md5) => !pictures.has(md5))).toEqual([]);
    expect(new Set(shown)).toEqual(pictures);
    for (const [i, frame] of frames.entries()) if (pictures.has(frame)) expect(shown[i]).toBe(frame);
    expect(rendition.fields?.pictures).toBe(1);
    expect(isTelecine(rendition)).toEqual([true]);
    expect(warnings).toContainEqual(expect.stringContaining('one whole film picture of each frame'));
  });

  it('leaves the frames of other parts as they are, once', async () => {
    const { rendition, source, file } = await made(withTitles);
    const [frames, shown] = await Promise.all([md5s(source), md5s(file)]);
    expect(shown).toHaveLength(frames.length);
    expect(shown.slice(0, 30)).toEqual(frames.slice(0, 30));
    expect(shown.slice(30).filter((md5) => !pictures.has(md5))).toEqual([]);
    expect(rendition.fields?.parts).toHaveLength(1);
  });

  it('becomes a picture of each field where video, which has so many moments, is in the film too', async () => {
    const { rendition } = await made(withVideo);
    expect(rendition.fields?.pictures).toBe(2);
    expect(isTelecine(rendition)).toEqual([true, false]);
  });

  it('becomes a picture of each field in more than 8 bits, in which fields are not matched', async () => {
    const { rendition } = await made(deep);
    expect(rendition.fields?.pictures).toBe(2);
  });
});
