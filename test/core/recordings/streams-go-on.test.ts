import { describe, expect, it } from '@jest/globals';
import type { ProgramMap } from '../../../core/recordings/program-maps.ts';
import { flvSoundGoesOn, streamsGoOn } from '../../../core/recordings/streams-go-on.ts';
import { aProbe, aStream } from '../../fixtures/probes.ts';

const [MPEG_AUDIO, AAC, H264] = [0x03, 0x0f, 0x1b];

const map = (program: number, first: number, kinds: readonly (readonly [number, number])[]): ProgramMap => ({
  ...{ program, first, last: first },
  kinds: new Map(kinds),
});

const probe = aProbe([
  aStream('video', 'h264', { index: 0 }),
  aStream('audio', 'aac', { index: 1 }),
  aStream('audio', 'aac', { index: 2 }),
]);
const pids = new Map([
  [0, 0x100],
  [1, 0x101],
  [2, 0x102],
]);
const ONE = map(1, 0, [
  [0x100, H264],
  [0x101, AAC],
]);

describe('the streams of a transport stream', () => {
  it.each([
    { where: 'there is no map', maps: [] },
    { where: 'all maps are alike', maps: [ONE, map(1, 1000, [...ONE.kinds])] },
  ])('go on where $where', ({ maps }) => {
    expect(streamsGoOn(maps, { probe, pids, damaged: undefined })).toEqual([]);
  });

  it('do not where the picture goes on under another PID, which is told where damage is accepted', () => {
    const maps = [ONE, map(1, 1000, [[0x200, H264]])];
    expect(() => streamsGoOn(maps, { probe, pids, damaged: undefined })).toThrow(
      expect.objectContaining({ code: 'bad-input', message: expect.stringContaining('PID 256 and PID 512') }),
    );
    expect(streamsGoOn(maps, { probe, pids, damaged: 'accept' })).toEqual([
      expect.stringMatching(/^its picture goes on in another stream midway.*holds only a part of it$/),
    ]);
  });

  it('do not where the codec of a sound changes', () => {
    const maps = [
      ONE,
      map(1, 1000, [
        [0x100, H264],
        [0x101, MPEG_AUDIO],
      ]),
    ];
    expect(() => streamsGoOn(maps, { probe, pids, damaged: undefined })).toThrow(/sound of stream 1 changes midway/);
  });

  it('are told where a sound takes the place of another one', () => {
    const maps = [
      ONE,
      map(1, 1000, [
        [0x100, H264],
        [0x102, AAC],
      ]),
    ];
    expect(streamsGoOn(maps, { probe, pids, damaged: undefined })).toEqual([
      expect.stringContaining('stream 1 and stream 2 replace each other'),
    ]);
  });

  it('are told where they belong to another program', () => {
    const maps = [ONE, map(2, 1, [[0x102, AAC]])];
    expect(streamsGoOn(maps, { probe, pids, damaged: undefined })).toEqual([
      expect.stringContaining('the file holds several programs: stream 2 belongs to another one'),
    ]);
  });
});

const at = (codec: number, seconds: number) => ({ codec, seconds });

describe('the sound of an FLV', () => {
  const [MP3, AAC_IN_FLV] = [2, 10];

  it('goes on in one codec', () => {
    expect(flvSoundGoesOn([], undefined)).toEqual([]);
    expect(flvSoundGoesOn([at(MP3, 0), at(MP3, 1)], undefined)).toEqual([]);
  });

  it('does not in another one, which is told where damage is accepted', () => {
    expect(() => flvSoundGoesOn([at(MP3, 0), at(AAC_IN_FLV, 61)], undefined)).toThrow(
      /changes midway: .*, then .* at 1:01\.0, .*damaged=accept/,
    );
    expect(flvSoundGoesOn([at(MP3, 0), at(AAC_IN_FLV, 61)], 'accept')).toEqual([
      expect.stringContaining('only a part of it'),
    ]);
  });
});
