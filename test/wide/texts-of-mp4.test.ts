import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { box, text, u32 } from '../fixtures/craft.ts';
import { makeClip } from '../fixtures/make.ts';
import { withDataTrack } from '../fixtures/telemetry.ts';
import { milledFile, QUICK } from '../support/mill.ts';

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

const withStpp = (mp4: Buffer) =>
  withDataTrack(mp4, {
    entry: 'stpp',
    handler: 'subt',
    samples: [text('<tt xmlns="http://www.w3.org/ns/ttml"/>')],
    durations: [3000],
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

it.each([
  ['wvtt', withWvtt],
  ['stpp', withStpp],
] as const)('a ladder says that it does not read texts in %s', async (codec, edit) => {
  const { manifest } = await milledFile(await makeClip({ ...film, edit }), QUICK, 'ladder');
  expect(manifest.streams[1]).toMatchObject({
    fate: 'dropped',
    why: expect.stringMatching(`the text in ${codec} is not read`),
  });
});

it('TTML as MP4 has it lies beside a Matroska', async () => {
  const { manifest, path } = await milledFile(await makeClip({ ...film, edit: withStpp }), {
    ...EVEN,
    container: 'mkv',
  });
  const { why, sidecar = '' } = manifest.streams[1] ?? {};
  expect(why).toContain('its documents, with the times in them');
  expect(await readFile(path(sidecar), 'utf8')).toContain('<tt xmlns=');
});
