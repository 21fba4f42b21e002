import { describe, expect, it } from '@jest/globals';
import {
  pidsOf,
  refuseCodedFields,
  refuseUnusable,
  type Scrambled,
  scrambledPicture,
  scrambledStreams,
  withUnusable,
} from '../../../core/film/unusable.ts';
import { aProbe, aStream } from '../../fixtures/probes.ts';

const picture = aStream('video', 'h264', { index: 0 });
const probe = aProbe([picture, aStream('audio', 'aac', { index: 1 }), aStream('audio', 'aac', { index: 2 })]);
const pids = new Map([
  [0, 0x100],
  [1, 0x101],
  [2, 0x102],
]);
const scrambled = (pid: number, when: 'always' | 'at first' | 'later', share: number): Scrambled =>
  new Map([[pid, { when, share }]]);
const undecodable = new Map([[0, { is: 'undecodable' as const, why: 'it does not decode' }]]);
const none = { undecodable: new Map(), damaged: undefined };

describe('a scrambled stream', () => {
  it('is known by its PID', () => {
    const file = { streams: [{ index: 0, id: '0x100' }, { index: 1 }] };
    expect([...pidsOf(file)]).toEqual([[0, 0x100]]);
    expect([...pidsOf('no file')]).toEqual([]);
  });

  it.each([
    { that: 'decodes although all of it is marked', at: scrambled(0x100, 'always', 1), judged: none, is: [] },
    {
      that: 'does not decode, all of which is marked',
      at: scrambled(0x100, 'always', 1),
      judged: { undecodable, damaged: undefined },
      is: [[0, { is: 'encrypted', why: 'it is encrypted (PID 256 is scrambled)' }]],
    },
    { that: 'is a picture of which little is', at: scrambled(0x100, 'later', 0.05), judged: none, is: [] },
    {
      that: 'is a picture of which much is',
      at: scrambled(0x100, 'later', 0.06),
      judged: none,
      is: [[0, expect.objectContaining({ is: 'encrypted', inPart: true, why: expect.stringContaining('about 6 %') })]],
    },
    {
      that: 'is a picture of which much is, where that is accepted',
      at: scrambled(0x100, 'later', 0.5),
      judged: { undecodable: new Map(), damaged: 'accept' as const },
      is: [],
    },
    {
      that: 'is a sound of which little is',
      at: scrambled(0x101, 'at first', 0.01),
      judged: none,
      is: [[1, expect.objectContaining({ inPart: true, why: expect.stringContaining('at its beginning') })]],
    },
  ])('that $that', ({ at, judged, is }) => {
    expect([...scrambledStreams(probe, pids, at, judged)]).toEqual(is);
  });

  it('is told of a picture that is used', () => {
    expect(scrambledPicture(picture, 0x100, scrambled(0x100, 'later', 0.02))).toEqual([
      expect.stringContaining('scrambled later on, in about 2 % of its packets'),
    ]);
    expect(scrambledPicture(picture, 0x100, undefined)).toEqual([]);
  });
});

describe('a film of which something cannot be used', () => {
  const encrypted = (inPart: boolean) => ({
    is: 'encrypted' as const,
    why: 'why',
    ...(inPart && { inPart: true as const }),
  });
  const having = (...streams: readonly (readonly [number, ReturnType<typeof encrypted>])[]) =>
    withUnusable(probe, new Map(streams));

  it.each([
    { that: 'lacks nothing', film: probe, damaged: undefined, says: undefined },
    {
      that: 'lacks its picture',
      film: having([0, encrypted(false)]),
      damaged: undefined,
      says: /nothing of its picture/,
    },
    { that: 'lacks one of two sounds', film: having([1, encrypted(false)]), damaged: undefined, says: undefined },
    {
      that: 'lacks all sounds',
      film: having([1, encrypted(false)], [2, encrypted(false)]),
      damaged: 'accept' as const,
      says: /nothing of its sound/,
    },
    {
      that: 'lacks a part of all sounds',
      film: having([1, encrypted(true)], [2, encrypted(true)]),
      damaged: undefined,
      says: /not all of its sound/,
    },
    {
      that: 'lacks a part of all sounds, which is accepted',
      film: having([1, encrypted(true)], [2, encrypted(true)]),
      damaged: 'accept' as const,
      says: undefined,
    },
  ])('is refused or not where it $that', ({ film, damaged, says }) => {
    const judge = () => refuseUnusable(film, damaged);
    if (says) expect(judge).toThrow(says);
    else expect(judge).not.toThrow();
  });

  it('is refused where its HEVC is coded in fields', () => {
    const hevc = aStream('video', 'hevc');
    expect(() => refuseCodedFields(hevc, { interlaced_frame: 1, top_field_first: 0 })).toThrow(/first_field=bottom/);
    expect(() => refuseCodedFields(hevc, { interlaced_frame: 0 })).not.toThrow();
    expect(() => refuseCodedFields(picture, { interlaced_frame: 1 })).not.toThrow();
  });
});
