import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { box, text, u32 } from '../fixtures/craft.ts';
import { makeClip } from '../fixtures/make.ts';
import { withDataTrack } from '../fixtures/telemetry.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { smallLadder } from '../support/small-ladder.ts';

const film = {
  file: 'film.mp4',
  args: ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=3', '-c:v', 'libx264', '-preset', 'ultrafast', '-an'],
};
const payload = (words: string) => box('payl', text(words));
const NOTHING = box('vtte');
const ANNA = box(
  'vttc',
  box('vsid', u32(7)),
  box('iden', text('one')),
  box('sttg', text('line:10%')),
  payload('<v Anna>Hello'),
);
const WORLD = box('vttc', payload('World'));

/** WebVTT as MP4 has it (ISO/IEC 14496-30 7): each sample has all cues of its time, so that Anna's is in two of them. */
const withWvtt = (mp4: Buffer) =>
  withDataTrack(mp4, {
    entry: 'wvtt',
    handler: 'text',
    described: box('vttC', text('WEBVTT\n\nSTYLE\n::cue { color: red }')),
    samples: [NOTHING, ANNA, Buffer.concat([ANNA, WORLD]), WORLD, NOTHING],
    durations: [500, 500, 250, 750, 1000],
  });

/** A text that goes on in the second sample, and one that begins behind that. */
const TTML = text(
  '<tt xmlns="http://www.w3.org/ns/ttml"><body><div><p begin="0.5s" end="1.25s">One<br/>two &amp; three</p>' +
    '<p begin="2s" end="3s">Four</p></div></body></tt>',
);
const ITS_TEXTS = '1\n00:00:00,500 --> 00:00:01,250\nOne\ntwo & three\n\n';

const withStpp = (mp4: Buffer) =>
  withDataTrack(mp4, {
    entry: 'stpp',
    handler: 'subt',
    samples: [TTML, TTML, text('<tt xmlns="http://www.w3.org/ns/ttml"/>')],
    durations: [1000, 500, 1500],
  });

const EVEN = { ...QUICK, evenIfLarger: 'true' };

describe('WebVTT as MP4 has it', () => {
  it.each([
    ['mkv', EVEN],
    ['webm', { segmentSeconds: '1', evenIfLarger: 'true', codec: 'av1' }],
  ] as const)('lies beside a film in %s with its times, settings and styles', async (container, given) => {
    const source = await makeClip({ ...film, edit: withWvtt });
    const { manifest, path } = await milledFile(source, { ...given, container });
    const { fate, why, sidecar = '' } = manifest.streams[1] ?? {};
    expect({ fate, why }).toEqual({
      fate: 'kept',
      why: expect.stringMatching(/its cues with their times and settings/),
    });
    expect(await readFile(path(sidecar), 'utf8')).toBe(
      [
        'WEBVTT\n\nSTYLE\n::cue { color: red }',
        'one\n00:00:00.500 --> 00:00:01.250 line:10%\n<v Anna>Hello',
        '00:00:01.000 --> 00:00:02.000\nWorld\n',
      ].join('\n\n'),
    );
  });

  it('is copied as it lies into an MP4', async () => {
    const { manifest } = await milledFile(await makeClip({ ...film, edit: withWvtt }), EVEN);
    expect(manifest.streams[1]).toMatchObject({ fate: 'kept', why: expect.stringContaining('its track is copied') });
  });
});

it('a ladder says that it does not read texts in wvtt', async () => {
  const { manifest } = await milledFile(await makeClip({ ...film, edit: withWvtt }), QUICK, 'ladder');
  expect(manifest.streams[1]).toMatchObject({
    fate: 'dropped',
    why: expect.stringMatching('the text in wvtt is not read'),
  });
});

describe('TTML as MP4 has it', () => {
  it('lies beside a Matroska, as its documents and as SubRip', async () => {
    const { manifest, path } = await milledFile(await makeClip({ ...film, edit: withStpp }), {
      ...EVEN,
      container: 'mkv',
    });
    const { why, sidecar = '' } = manifest.streams[1] ?? {};
    expect(why).toContain('its documents, with the times in them');
    expect(why).toContain('its texts are in stream-1.srt, as SubRip, without their places');
    expect(await readFile(path(sidecar), 'utf8')).toContain('<tt xmlns=');
    expect(await readFile(path('stream-1.srt'), 'utf8')).toBe(ITS_TEXTS);
  });

  it('is copied as it lies into an MP4, and lies beside it as SubRip', async () => {
    const { manifest, path } = await milledFile(await makeClip({ ...film, edit: withStpp }), EVEN);
    expect(manifest.streams[1]).toMatchObject({
      fate: 'kept',
      why: 'its track is copied, with its times and its description; its texts are in stream-1.srt, as SubRip, without their places',
      sidecar: 'stream-1.srt',
    });
    expect(await readFile(path('stream-1.srt'), 'utf8')).toBe(ITS_TEXTS);
  });

  it('is streamed as WebVTT', async () => {
    const { manifest, path } = await milledFile(await makeClip({ ...film, edit: withStpp }), QUICK, smallLadder);
    expect(manifest.streams[1]).toMatchObject({ fate: 'converted', why: expect.stringContaining('subtitles-1.vtt') });
    expect(await readFile(path('subtitles-1.vtt'), 'utf8')).toBe(
      'WEBVTT\n\n00:00:00.500 --> 00:00:01.250\nOne\ntwo &amp; three\n\n',
    );
  });
});
