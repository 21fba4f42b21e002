import { describe, expect, it } from '@jest/globals';
import { jobIdOf } from '../../../core/job/job.ts';
import { ordersOf, SHIPPED, withModel } from '../../../core/recipes/menu.ts';
import { userMenu } from '../../../core/recipes/user-recipes.ts';
import { modelByWeight } from '../../../core/upscale/model-choice.ts';

const jobs = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    jobIdOf({ store: 'media', recipe: 'upscale', source: `${i}.mov`, version: '' }),
  );
const NINE_TO_ONE = new Map([
  ['websr-l-rl', 9],
  ['websr-m-rl', 1],
]);

describe('modelByWeight', () => {
  it('gives each model its share of the jobs', () => {
    const drawn = jobs(10_000).map((job) => modelByWeight(job, NINE_TO_ONE));
    const tenth = drawn.filter((model) => model === 'websr-m-rl').length;
    expect(drawn.filter((model) => model === 'websr-l-rl').length).toBe(10_000 - tenth);
    expect(Math.abs(tenth - 1_000)).toBeLessThan(100); // three standard deviations; the ids are fixed
  });

  it('gives a job the same model every time, for any order and any sum of the weights', () => {
    const turned = new Map([...NINE_TO_ONE].reverse().map(([id, weight]) => [id, weight / 10]));
    for (const job of jobs(200)) expect(modelByWeight(job, turned)).toBe(modelByWeight(job, NINE_TO_ONE));
  });

  it('moves only jobs to the model whose share grows', () => {
    const more = new Map([...NINE_TO_ONE, ['websr-m-rl', 3]]);
    const moved = jobs(2_000).filter((job) => modelByWeight(job, more) !== modelByWeight(job, NINE_TO_ONE));
    expect(moved.length).toBeGreaterThan(0);
    expect(new Set(moved.map((job) => modelByWeight(job, more)))).toEqual(new Set(['websr-m-rl']));
  });

  it.each([
    {
      what: 'a share of 0',
      weights: [
        ['websr-l-rl', 0],
        ['websr-m-rl', 1],
      ],
      scale: undefined,
      model: 'websr-m-rl',
    },
    { what: 'only one', weights: [['websr-s-an', 0.2]], scale: 2, model: 'websr-s-an' },
    { what: 'none that enlarges so', weights: [['websr-l-rl', 1]], scale: 4, model: undefined },
    { what: 'none at all', weights: [], scale: undefined, model: undefined },
    {
      what: 'one that enlarges otherwise than the default',
      weights: [
        ['realesr-animevideov3-4x', 99],
        ['websr-s-rl', 1],
      ],
      scale: undefined,
      model: 'websr-s-rl',
    },
  ] as const)('with $what returns $model', ({ weights, scale, model }) => {
    for (const job of jobs(20)) expect(modelByWeight(job, new Map<string, number>(weights), scale)).toBe(model);
  });
});

describe('an order that gets a model by weight', () => {
  const menu = userMenu(
    Buffer.from(
      JSON.stringify({
        upscaleModels: { 'websr-m-rl': 1 },
        recipes: { film: { extends: 'upscale', settings: { model: 'websr-s-an' } } },
      }),
    ),
  );
  const order = (recipe: string, settings = {}) => {
    const [first] = ordersOf({ recipe, path: 'a.mov' }, menu, settings);
    if (!first) throw new Error('no order');
    return withModel(first, '0123456789abcdef', menu).settings;
  };

  it('has the model as a setting', () => {
    expect(order('upscale', { crf: '18' })).toEqual({ crf: '18', model: 'websr-m-rl' });
  });

  it.each([
    { what: 'that names one', recipe: 'upscale', settings: { model: 'websr-l-an' } },
    { what: 'that compares two', recipe: 'upscale', settings: { model: 'websr-l-an,websr-l-rl' } },
    { what: 'whose scale none has', recipe: 'upscale', settings: { scale: '4' } },
    { what: 'of a recipe that names one', recipe: 'film', settings: {} },
    { what: 'of a recipe that enlarges nothing', recipe: 'preserve', settings: { crf: '24' } },
  ])('$what stays as it is', ({ recipe, settings }) => {
    expect(order(recipe, settings)).toEqual(settings);
  });

  it('is unchanged without weights', () => {
    const [first] = ordersOf({ recipe: 'upscale', path: 'a.mov' }, SHIPPED, {});
    expect(first && withModel(first, '0123456789abcdef', SHIPPED)).toBe(first);
  });
});
