import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { textsIn } from '../fixtures/movie-texts.ts';
import { milledFile, QUICK, testMill } from '../support/mill.ts';

const SETTINGS = { ...QUICK, crf: '18', evenIfLarger: 'true' };
const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=10:d=6'];
const CODECS = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:s', 'srt'];

const srt = (...texts: readonly (readonly [from: string, to: string, text: string])[]) =>
  texts.map(([from, to, text], i) => `${i + 1}\n00:00:0${from} --> 00:00:0${to}\n${text}\n`).join('\n');

const film = (name: string, texts: string) =>
  makeClip({
    file: `${name}.mkv`,
    files: { [`${name}.srt`]: texts },
    args: [...PICTURE, '-i', `@${name}.srt`, ...CODECS],
  });

async function milled(source: string, container: string) {
  const { manifest } = await milledFile(source, {
    ...SETTINGS,
    container,
    ...(container === 'webm' && { codec: 'av1' }),
  });
  const [rendition] = manifest.renditions;
  const texts = manifest.streams.find(({ type }) => type === 'subtitle');
  const check = rendition?.checks.find(({ name }) => name === 'subtitles of stream 1 are at their times');
  return { why: texts?.why, detail: check?.detail, warnings: manifest.warnings };
}

describe('when subtitles are shown is proved', () => {
  const apart = srt(['0,500', '1,000', 'One'], ['2,000', '3,000', 'Two'], ['3,000', '3,400', 'Three']);
  it.each([
    ['mp4', 'MP4 holds text subtitles as mov_text; the subrip itself is in the sidecar'],
    ['mkv', 'its packets are copied'],
    ['webm', 'WebM holds text as WebVTT; the subrip itself is in the sidecar'],
  ])('in %s', async (container, why) => {
    const found = await milled(await film('apart', apart), container);
    expect(found).toMatchObject({ why, detail: 'subrip: 3 of 3 texts, each at its time' });
  });

  it('where MP4 shows several in one, which is told', async () => {
    const texts = srt(['0,500', '3,000', 'One'], ['2,000', '4,000', '<i>Two</i>'], ['2,000', '5,000', 'Three']);
    const source = await film('overlapping', texts);
    expect(await milled(source, 'mp4')).toMatchObject({
      why: 'MP4 holds text subtitles as mov_text; the subrip itself is in the sidecar; MP4 shows one text at a time: 3 of its 3 are shown together with others, as lines of one text',
      detail: 'subrip: 4 of 4 texts, each at its time',
    });
    const { path } = await milledFile(source, SETTINGS);
    expect(textsIn(await readFile(path('preserve.mp4')))).toEqual([
      ['0.5-2', 'One'],
      ['2-3', 'One\nTwo\nThree'],
      ['3-4', 'Two\nThree'],
      ['4-5', 'Three'],
    ]);
  });

  it('where one has marks and no letters, which MP4 shows as a text of its time', async () => {
    const texts = srt(['0,500', '1,000', 'One'], ['2,000', '3,000', '{\\an8}'], ['4,000', '5,000', 'Three']);
    const source = await film('blank', texts);
    expect(await milled(source, 'mp4')).toMatchObject({
      detail: 'subrip: 3 of 3 texts, each at its time',
      warnings: [],
    });
    const { path } = await milledFile(source, SETTINGS);
    expect(textsIn(await readFile(path('preserve.mp4')))).toEqual([
      ['0.5-1', 'One'],
      ['2-3', ' '],
      ['4-5', 'Three'],
    ]);
  });

  it('in a film whose first text is an hour late', async () => {
    const texts = '1\n01:00:00,500 --> 01:00:01,000\nLate\n';
    const source = await makeClip({
      file: 'hour.mkv',
      files: { 'hour.srt': texts },
      args: ['-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=1/900:d=4500', '-i', '@hour.srt', ...CODECS],
    });
    const { manifest, path } = await milledFile(source, SETTINGS);
    expect(manifest.streams[1]).toMatchObject({ fate: 'converted', why: expect.not.stringContaining('too early') });
    expect(textsIn(await readFile(path('preserve.mp4')))).toEqual([['3600.5-3601', 'Late']]);
  });

  // ffmpeg writes the text without letters into WebM as a packet without bytes, and reads nothing behind it
  it('texts that are lost lie beside the film alone', async () => {
    const texts = srt(['0,500', '1,000', 'One'], ['2,000', '3,000', '{\\an8}'], ['4,000', '5,000', 'Three']);
    const { why, detail, warnings } = await milled(await film('blank', texts), 'webm');
    expect({ why, detail }).toEqual({
      why: 'it was not as it should be in the rendition, its packets are in the sidecar',
      detail: undefined,
    });
    expect(warnings).toContainEqual(expect.stringContaining('subtitles of stream 1 are at their times'));
  });

  it('a text that is too long for MP4 lies beside the film alone, and the sound is copied', async () => {
    const source = await makeClip({
      file: 'long-text.mkv',
      files: { 'words.srt': srt(['0,500', '1,000', 'a'.repeat(70_000)], ['2,000', '3,000', 'Two']) },
      args: [...PICTURE, '-i', '@words.srt', '-f', 'lavfi', '-i', 'sine=r=48000:d=6', ...CODECS, '-c:a', 'aac'],
    });
    const { manifest } = await milledFile(source, SETTINGS);
    expect(Object.fromEntries(manifest.streams.map(({ type, why }) => [type, why]))).toMatchObject({
      audio: 'its packets are copied',
      subtitle: 'it was not as it should be in the rendition, its packets are in the sidecar',
    });
    expect(manifest.warnings).toEqual([
      expect.stringMatching(/^a second way was taken \(.*: stream \d\); at first MP4 has no room for a text/),
    ]);
  });

  it('a file of subtitles with such a text is in WebM all the same', async () => {
    const texts = srt(['0,500', '1,000', 'One'], ['2,000', '3,000', '{\\an8}'], ['4,000', '5,000', 'Three']);
    const mill = await testMill();
    const source = await mill.own(await makeClip({ file: 'silent.mkv', args: [...PICTURE, ...CODECS.slice(0, 4)] }));
    await writeFile(source.replace(/mkv$/, 'srt'), texts);
    const made = await mill.run(source, 'preserve', { ...SETTINGS, container: 'webm', codec: 'av1' });
    expect(made.outcome).toMatchObject({ status: 'done' });
    const { streams, sidecars } = await made.manifest();
    expect(streams[1]).toMatchObject({ fate: 'kept', why: 'lies beside the rendition as it was, and in it as WebVTT' });
    expect(sidecars).toMatchObject([{ stream: 1, bytes: texts.length }]);
  });
});
