import { describe, expect, it } from '@jest/globals';
import type { ClipSpec } from '../fixtures/clips.ts';
import { makeClip } from '../fixtures/make.ts';
import { milledFile, QUICK } from '../support/mill.ts';

const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=25:d=2', '-c:v', 'libx264', '-g', '25'];
const SOUND = ['-f', 'lavfi', '-i', 'anoisesrc=r=48000:d=2:a=0.3:seed=5', '-ac', '2'];

const [INPUTS, CODEC] = [
  [...PICTURE.slice(0, 4), ...SOUND.slice(0, 4)],
  [...PICTURE.slice(4), ...SOUND.slice(4)],
];

const film = (file: string, sound: readonly string[], more: Partial<ClipSpec> = {}) =>
  makeClip({ file, args: [...INPUTS, ...CODEC, ...sound], ...more });

/** Some packets in the middle have other bytes, about one in so many. */
const damagedEach = (bytes: number) => ['-bsf:a', `noise=amount=if(between(n\\,20\\,24)\\,${bytes}\\,1000000)`];
const DAMAGED = damagedEach(1);

async function told(source: string, recipe = 'preserve') {
  const { manifest } = await milledFile(
    source,
    recipe === 'preserve' ? { ...QUICK, evenIfLarger: 'true' } : {},
    recipe,
  );
  const sounds = manifest.streams.filter(({ type }) => type === 'audio').map(({ fate }) => fate);
  return { sounds, damage: manifest.warnings.filter((warning) => warning.includes('decodes with errors there')) };
}

/** Real damage in a transport stream goes through its parser, in other containers the packets stay whole. */
describe('a sound whose packets are copied', () => {
  it.each([
    ['AAC of MP4', 'aac.mp4', ['-c:a', 'aac'], /\(aac: /],
    ['AAC of a transport stream', 'aac.ts', ['-c:a', 'aac'], /\(aac: /],
    ['AC-3 of a transport stream', 'ac3.ts', ['-c:a', 'ac3', ...damagedEach(20)], /\(ac3: /],
    ['MPEG audio of Matroska', 'mp2.mkv', ['-c:a', 'mp2'], /\(mp2: /],
    ['MP3 of MP4', 'mp3.mp4', ['-c:a', 'libmp3lame'], /\(mp3float: /],
    ['MPEG audio of a transport stream', 'mp2.ts', ['-c:a', 'mp2'], /\(mp2: /],
    ['FLAC of Matroska', 'flac.mkv', ['-c:a', 'flac'], /\(flac: /],
  ])('is told where it is damaged: %s', async (_, file, sound, words) => {
    const { sounds, damage } = await told(await film(file, [...DAMAGED, ...sound]));
    expect({ sounds, damage }).toEqual({
      sounds: ['kept'],
      damage: [expect.stringMatching(words)],
    });
  });

  it('is told by the same words as one that is converted, once for all renditions', async () => {
    const source = await film('both.ts', ['-c:a', 'ac3', ...DAMAGED]);
    const [copied, converted] = [await told(source), await told(source, 'ladder')];
    expect([copied.sounds, converted.sounds]).toEqual([['kept'], ['converted']]);
    expect(converted.damage).toEqual(copied.damage);
  });

  it('is told once where renditions of a ladder copy it', async () => {
    const { sounds, damage } = await told(await film('rungs.mp4', ['-c:a', 'aac', ...DAMAGED]), 'ladder');
    expect({ sounds, damage }).toEqual({ sounds: ['kept'], damage: [expect.stringMatching(/\(aac: /)] });
  });

  it.each([
    ['AAC', 'whole-aac.mp4', ['-c:a', 'aac']],
    ['AAC', 'whole-aac.ts', ['-c:a', 'aac']],
    ['MP3', 'whole-mp3.mp4', ['-c:a', 'libmp3lame']],
    ['AC-3', 'whole-ac3.ts', ['-c:a', 'ac3']],
    ['E-AC-3', 'whole-eac3.mkv', ['-c:a', 'eac3']],
    ['Opus', 'whole-opus.mkv', ['-c:a', 'libopus']],
    ['Vorbis', 'whole-vorbis.mkv', ['-c:a', 'libvorbis']],
    ['FLAC', 'whole-flac.mkv', ['-c:a', 'flac']],
    ['PCM', 'whole-pcm.mov', ['-c:a', 'pcm_s16le']],
    ['ALAC', 'whole-alac.mov', ['-c:a', 'alac']],
  ])('is not called damaged where it is whole: %s of %s', async (_, file, sound) => {
    const { damage } = await told(await film(file, sound));
    expect(damage).toEqual([]);
  });
});

it('a film that is kept as it is says that its sound is damaged', async () => {
  const source = await film('as-it-is.mp4', ['-crf', '51', '-c:a', 'aac', ...DAMAGED]);
  const { manifest } = await milledFile(source, { ...QUICK, crf: '10' });
  expect(manifest.renditions[0]?.quality.metric).toBe('identical');
  expect(manifest.warnings).toContainEqual(expect.stringMatching(/decodes with errors there \(aac: /));
});
