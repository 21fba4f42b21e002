import { describe, expect, it } from '@jest/globals';
import { soundFiles } from '../../../core/streams/sound-files.ts';
import { textFiles } from '../../../core/streams/text-files.ts';
import { aStream } from '../../fixtures/probes.ts';

const FILM = { from: 0, to: 5, delaySeconds: 0, firstEarlySeconds: 0, lastSeconds: undefined };

type Told = { codec?: string; channels?: number; language?: string; is?: string; to?: number };

const soundsOf = (told: readonly Told[], leftOut: readonly number[] = []) => {
  const streams = told.map(({ codec = 'aac', channels = 2, language, is }, i) => ({
    ...{ ...aStream('audio', codec), index: i + 1 },
    ...{ tags: language === undefined ? {} : { language }, dispositions: is === undefined ? [] : [is] },
    audio: { channels, sampleRate: 48_000, sampleFormat: 'fltp' },
  }));
  const surveys = told.map(({ to = 5 }, i) => ({ stream: i + 1, firstSeconds: 0, endSeconds: to }));
  return soundFiles({ streams }, FILM, { surveys, leftOut: new Map(leftOut.map((index) => [index, 'not wanted'])) });
};

describe('the sounds beside the one in the renditions', () => {
  it.each([
    { of: 'one sound', sounds: [{}], files: [] },
    { of: 'two languages', sounds: [{ language: 'eng' }, { language: 'fra' }], files: ['sound-2 2'] },
    { of: 'a default sound that is second', sounds: [{}, { is: 'default' }], files: ['sound-1 2'] },
    { of: '5.1', sounds: [{ channels: 6 }], files: ['sound-1.surround 6'] },
    { of: '7.1', sounds: [{ channels: 8 }], files: ['sound-1.surround 6'] },
    {
      of: '5.1 in a second language',
      sounds: [{ channels: 6 }, { channels: 6 }],
      files: ['sound-1.surround 6', 'sound-2 2', 'sound-2.surround 6'],
    },
    { of: 'a second sound that is not wanted', sounds: [{}, {}], files: [], leftOut: [2] },
  ])('of $of', ({ sounds, files, leftOut }) => {
    expect(soundsOf(sounds, leftOut).map(({ name, channels }) => `${name} ${channels}`)).toEqual(files);
  });

  it.each([
    { sound: {}, args: 'copy', why: 'copied' },
    { sound: { codec: 'ac3' }, args: 'aac -b 192000 -ac 2', why: 'every browser' },
    { sound: { to: 3 }, args: 'aac -b 192000 -ac 2', why: 'ends 2.00 s before it' },
    { sound: { to: 8 }, args: 'aac -b 192000 -ac 2', why: 'ends 3.00 s after it' },
  ])('are made by "$args" where it is right: $why', ({ sound, args, why }) => {
    const [file] = soundsOf([{}, sound]);
    expect(file?.plan.codecArgs?.join(' ')).toBe(args);
    expect(file?.plan.why).toContain(why);
  });

  it.each([
    { is: 'comment', purpose: 'commentary' },
    { is: 'visual_impaired', purpose: 'description' },
    { is: 'dub', purpose: undefined },
  ])('say that $is is $purpose', ({ is, purpose }) => {
    expect(soundsOf([{ is: 'default' }, { is, language: 'en-GB' }])[0]).toMatchObject({
      purpose,
      language: 'en-GB',
      isDefault: false,
    });
  });

  it('take no language that is none', () => {
    expect(soundsOf([{}, { language: 'x" onload="' }])[0]?.language).toBeUndefined();
  });
});

it('text subtitles get files of their own, pictures of text do not', () => {
  const codecs = ['subrip', 'ass', 'mov_text', 'webvtt', 'hdmv_pgs_subtitle', 'dvd_subtitle', 'eia_608'];
  const streams = codecs.map((codec, i) => ({
    ...aStream('subtitle', codec),
    index: i,
    dispositions: i === 1 ? ['forced'] : [],
  }));
  const files = textFiles(streams, new Map([[0, 'not wanted']]));
  expect(files.map(({ name, isForced }) => `${name} ${isForced}`)).toEqual([
    ...['subtitles-1 true', 'subtitles-2 false', 'subtitles-3 false'],
  ]);
});
