import { describe, expect, it } from '@jest/globals';
import { soundChanges, soundKind } from '../../../core/film/changing-sound.ts';
import type { SoundKind } from '../../../core/film/sound-kind.ts';

const head = (hex: string) => Buffer.from(hex.padEnd(16, '0'), 'hex');

describe('the kind of a packet of sound, by its header', () => {
  it.each([
    // headers that ffmpeg 5.1 wrote
    { codec: 'aac', hex: 'fff14c801e5ffcde', kind: { channels: 2, layout: 'stereo', sampleRate: 48_000 } },
    { codec: 'aac', hex: 'fff150801e5ffcde', kind: { channels: 2, layout: 'stereo', sampleRate: 44_100 } },
    { codec: 'aac', hex: 'fff14d8000000000', kind: { channels: 6, layout: '5.1', sampleRate: 48_000 } },
    { codec: 'aac', hex: 'fff14c0000000000', kind: { channels: 2, layout: 'dual mono', sampleRate: 48_000 } },
    { codec: 'aac_latm', hex: '56e01c200011881f', kind: { channels: 1, layout: 'mono', sampleRate: 48_000 } },
    { codec: 'aac_latm', hex: '56e02b200011b01f', kind: { channels: 6, layout: '5.1', sampleRate: 48_000 } },
    { codec: 'mp2', hex: 'fffdc40000000000', kind: { channels: 2, layout: 'stereo', sampleRate: 48_000 } },
    { codec: 'mp2', hex: 'fffdc8c000000000', kind: { channels: 1, layout: 'mono', sampleRate: 32_000 } },
    { codec: 'mp2', hex: 'fff5c40000000000', kind: { channels: 2, layout: 'stereo', sampleRate: 24_000 } },
    { codec: 'ac3', hex: '0b7700001e40e100', kind: { channels: 6, layout: '5.1(side)', sampleRate: 48_000 } },
    { codec: 'ac3', hex: '0b77000014404000', kind: { channels: 2, layout: 'stereo', sampleRate: 48_000 } },
    { codec: 'eac3', hex: '0b7700ff34860000', kind: { channels: 2, layout: 'stereo', sampleRate: 48_000 } },
    { codec: 'eac3', hex: '0b7700ff3f860000', kind: { channels: 6, layout: '5.1(side)', sampleRate: 48_000 } },
    { codec: 's302m', hex: '0000402000000000', kind: { channels: 4, layout: 'quad', sampleRate: 48_000, bits: 24 } },
  ])('$codec $hex', ({ codec, hex, kind }) => {
    expect(soundKind(codec, head(hex))).toEqual(kind);
  });

  it.each(['aac', 'mp2', 'ac3', 'eac3'])('is none where the packet does not begin with a header of %s', (codec) => {
    expect(soundKind(codec, head('0102030405060708'))).toBeUndefined();
  });

  it('is none of AAC in LATM that refers to the description before it', () => {
    expect(soundKind('aac_latm', head('56e00682008c1003'))).toBeUndefined();
  });
});

describe('the kinds of a sound in order', () => {
  const stereo: SoundKind = { channels: 2, layout: 'stereo', sampleRate: 48_000 };
  const surround: SoundKind = { channels: 6, layout: '5.1', sampleRate: 48_000 };
  const found = (kinds: readonly (SoundKind | undefined)[]) => {
    const changes = soundChanges();
    for (const [i, kind] of kinds.entries()) changes.add(kind, i);
    return changes.found().map(({ layout, fromSeconds }) => `${layout} from ${fromSeconds}`);
  };

  it('begin with the first packet of a kind', () => {
    expect(found([stereo, stereo, surround, surround, surround, stereo, stereo])).toEqual([
      'stereo from 0',
      '5.1 from 2',
      'stereo from 5',
    ]);
  });

  it('are not changed by one packet alone, whose header may be damaged', () => {
    expect(found([surround, stereo, stereo, surround, stereo, undefined, surround, stereo])).toEqual(['stereo from 1']);
  });
});
