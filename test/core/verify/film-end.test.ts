import { expect, it } from '@jest/globals';
import { endOfSource } from '../../../core/verify/film-end.ts';
import { aProbe, aStream } from '../../fixtures/probes.ts';

const probe = (lasts: number | undefined) =>
  aProbe([
    aStream('video', 'h264', { durationSeconds: lasts, startSeconds: 0 }),
    aStream('audio', 'aac'),
    aStream('data', 'bin_data'),
  ]);
const survey = (stream: number, endSeconds: number | undefined) => ({
  stream,
  packets: 9,
  sha256: '',
  firstSeconds: 0,
  endSeconds,
});

it('ends with the later of picture and sound, and not with other streams', () => {
  const streams = [survey(0, 4), survey(1, 5), survey(2, 60)];
  expect(endOfSource({ probe: probe(3), streams, picture: 0 })).toBe(5);
  expect(endOfSource({ probe: probe(3), streams: streams.slice(0, 1), picture: 0 })).toBe(4);
});

it('ends with its packets where the container states less, as of an edit list that shows a part twice', () => {
  expect(endOfSource({ probe: probe(3), streams: [{ ...survey(0, 5), hiddenPackets: 3 }], picture: 0 })).toBe(5);
});

it('is not known of a source whose packets say no end', () => {
  expect(endOfSource({ probe: probe(3), streams: [survey(0, undefined)], picture: 0 })).toBeUndefined();
});
