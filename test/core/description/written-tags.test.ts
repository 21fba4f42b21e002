import { expect, it } from '@jest/globals';
import { childElements, childOf, textIn, uintIn } from '../../../core/bytes/ebml.ts';
import { MKV } from '../../../core/bytes/matroska-ids.ts';
import { filmTags } from '../../../core/description/film-tags.ts';
import { writtenTags } from '../../../core/description/written-tags.ts';

const text = (as: string, value: string) => ({ as, value, language: undefined });

it('says in words too which tags are of a show, a season or an episode, as ffmpeg takes all others for those of the film', () => {
  const written = writtenTags([
    text('TITLE', 'Episode'),
    text('SHOW', 'Show'),
    text('SEASON_NUMBER', '2'),
    text('EPISODE_SORT', '5'),
  ]);
  const targets = written.map((tag) => childOf(tag, MKV.Targets) ?? Buffer.alloc(0));
  expect(
    targets.map((target) => [
      childElements(target).length > 0 ? Number(uintIn(childOf(target, MKV.TargetTypeValue))) : undefined,
      textIn(childOf(target, MKV.TargetType)),
    ]),
  ).toEqual([
    [undefined, undefined],
    [70, 'COLLECTION'],
    [60, 'SEASON'],
    [50, 'EPISODE'],
  ]);
  expect(Object.fromEntries(filmTags(written).map(({ name, value }) => [name, value]))).toMatchObject({
    title: 'Episode',
    show: 'Show',
  });
});

it.each<[string, (i: number) => { readonly as: string; readonly value: string }]>([
  ['of one name', (i) => ({ as: 'ARTIST', value: `artist ${i}` })],
  ['of a name that stands in another', (i) => ({ as: i % 2 ? `ACTOR${i - 1}/CHARACTER` : `ACTOR${i}`, value: 'x' })],
  ['that are empty', (i) => ({ as: `TAG${i}`, value: '' })],
])('writes and reads fifty thousand tags %s', (_, tagOf) => {
  const tags = Array.from({ length: 50_000 }, (__, i) => ({ ...tagOf(i), language: undefined }));
  expect(filmTags(writtenTags(tags))).toHaveLength(tags.length);
});
