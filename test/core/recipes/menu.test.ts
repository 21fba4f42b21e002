import { describe, expect, it } from '@jest/globals';
import { recipeNamed } from '../../../core/recipes/index.ts';
import { type Menu, ordersFor, ordersOf, SHIPPED } from '../../../core/recipes/menu.ts';

const menu: Menu = { ...SHIPPED, mixes: new Map([['both', ['preserve', 'ladder']]]) };
const drop = { recipe: 'both', path: '2019/clip.mov' };

describe('ordersOf', () => {
  it('gives one order for a recipe, with the output keys it always had', () => {
    expect(ordersOf({ ...drop, recipe: 'preserve' }, menu, { crf: 24 })).toEqual([
      {
        recipe: recipeNamed('preserve'),
        settings: { crf: 24 },
        outputPrefix: 'output/preserve/2019/clip.mov',
        failureKey: 'failed/preserve/2019/clip.mov.json',
      },
    ]);
  });

  it('gives one for each recipe of a mix, each in a folder of its own, with the settings it takes', () => {
    expect(ordersOf(drop, menu, { crf: 24, preset: 'slow' })).toEqual([
      {
        recipe: recipeNamed('preserve'),
        settings: { crf: 24, preset: 'slow' },
        outputPrefix: 'output/both/2019/clip.mov/preserve',
        failureKey: 'failed/both/2019/clip.mov/preserve.json',
      },
      {
        recipe: recipeNamed('ladder'),
        settings: { preset: 'slow' },
        outputPrefix: 'output/both/2019/clip.mov/ladder',
        failureKey: 'failed/both/2019/clip.mov/ladder.json',
      },
    ]);
  });

  it('lists recipes and mixes if a prefix names neither', () => {
    const ask = (known: Menu) => () => ordersOf({ ...drop, recipe: 'presrve' }, known, {});
    expect(ask(menu)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringMatching(/"presrve".*preserve.*mixes: both/) }),
    );
    expect(ask(SHIPPED)).toThrow(/there are: [^;]*mezzanine[^;]*$/);
  });
});

describe('ordersFor', () => {
  it('refuses a setting that none of several recipes takes, naming what they take', () => {
    const recipes = [recipeNamed('preserve'), recipeNamed('ladder')];
    expect(() => ordersFor(recipes, { profile: 'hq' })).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: expect.stringMatching(/"profile".*preserve \(crf, .*ladder \(/),
      }),
    );
  });

  it.each([
    { codec: 'hapq', preserve: {}, vj: { codec: 'hapq' } },
    { codec: 'av1', preserve: { codec: 'av1' }, vj: {} },
    { codec: 'h263', preserve: { codec: 'h263' }, vj: { codec: 'h263' } },
  ])('gives codec=$codec to the recipes that know it, and to all where none does', ({ codec, preserve, vj }) => {
    const orders = ordersFor([recipeNamed('preserve'), recipeNamed('vj')], { codec });
    expect(orders.map(({ settings }) => settings)).toEqual([preserve, vj]);
  });

  it('does not check the settings of a single recipe', () => {
    expect(ordersFor([recipeNamed('preserve')], { codec: 'hap' })).toMatchObject([{ settings: { codec: 'hap' } }]);
  });
});
