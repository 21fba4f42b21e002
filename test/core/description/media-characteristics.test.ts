import { expect, it } from '@jest/globals';
import {
  characteristicBoxes,
  characteristicsIn,
  withCharacteristics,
} from '../../../core/description/media-characteristics.ts';
import { box, text } from '../../fixtures/craft.ts';
import { aStream } from '../../fixtures/probes.ts';

const DESCRIBED = 'public.accessibility.describes-video';
const udta = (...words: readonly string[]) => box('udta', ...words.map((word) => box('tagc', text(word))));

it.each([
  ['audio', ['visual_impaired']],
  ['subtitle', ['descriptions']],
] as const)('a description of the picture is marked as ffmpeg marks %s', (type, marks) => {
  expect(withCharacteristics(aStream(type, 'any', { dispositions: [] }), [DESCRIBED]).dispositions).toEqual(marks);
});

it('marks that are there stay, and words that nobody knows give none', () => {
  const stream = aStream('audio', 'aac', { dispositions: ['default', 'comment'] });
  expect(withCharacteristics(stream, ['public.auxiliary-content', 'public.easy-to-read'])).toBe(stream);
});

it('words are read up to their end, also where the list is cut off', () => {
  const whole = Buffer.concat([udta('public.original-content\0', DESCRIBED)]);
  expect(characteristicsIn(whole)).toEqual(['public.original-content', DESCRIBED]);
  expect(characteristicsIn(whole.subarray(0, whole.length - 1))).toEqual(['public.original-content']);
  expect(characteristicsIn(Buffer.alloc(0))).toEqual([]);
});

it('a word that the source says is not said again', () => {
  const stream = aStream('audio', 'aac', { dispositions: ['comment', 'original'] });
  const there = [{ place: 1, type: 'udta', bytes: udta('public.auxiliary-content') }];
  const made = characteristicBoxes(new Map([[1, stream]]), there, () => true);
  expect(made.map(({ place, bytes }) => [place, characteristicsIn(bytes ?? Buffer.alloc(0))])).toEqual([
    [1, ['public.original-content']],
  ]);
  expect(characteristicBoxes(new Map([[1, stream]]), there, (mark) => mark === 'comment')).toEqual([]);
});
