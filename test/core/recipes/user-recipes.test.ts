import { describe, expect, it } from '@jest/globals';
import { RECIPES } from '../../../core/recipes/index.ts';
import { preserve } from '../../../core/recipes/preserve.ts';
import { dropSettings, userMenu } from '../../../core/recipes/user-recipes.ts';
import { DEFAULT_WEIGHTS } from '../../../core/renditions/priority.ts';

const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const refusal = (...parts: string[]) =>
  expect.objectContaining({ code: 'usage', message: expect.stringMatching(new RegExp(parts.map(literal).join('.*'))) });
const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

describe('userMenu', () => {
  it('makes a recipe from one that ships, with other defaults', () => {
    const file = {
      recipes: {
        archive: {
          extends: 'preserve',
          summary: 'small',
          settings: { crf: 28, preset: 'slow', segmentSeconds: '20-40' },
        },
        'web-1440': { extends: 'downscale' },
      },
    };
    const { recipes, mixes } = userMenu(json(file));
    expect(recipes.slice(0, RECIPES.length)).toEqual(RECIPES);
    const [archive, web, ...more] = recipes.slice(RECIPES.length);
    expect(archive).toEqual({
      ...preserve,
      id: 'archive',
      summary: 'small',
      defaults: { ...preserve.defaults, crf: 28, preset: 'slow', segmentSeconds: { shortest: 20, longest: 40 } },
    });
    expect(web).toEqual({ ...RECIPES.find(({ id }) => id === 'downscale'), id: 'web-1440' });
    expect(more).toEqual([]);
    expect(mixes.size).toBe(0);
  });

  it('accepts a recipe whose results are remade by new tools', () => {
    const [own] = userMenu(json({ recipes: { own: { extends: 'preserve', remakeOn: 'tools' } } })).recipes.slice(-1);
    expect(own).toMatchObject({ id: 'own', remakeOn: 'tools' });
  });

  it('takes an empty list, and the byte order mark of an editor', () => {
    const shipped = { recipes: RECIPES, mixes: new Map(), weights: DEFAULT_WEIGHTS, upscaleModels: new Map() };
    expect(userMenu(json({ recipes: {} }))).toEqual(shipped);
    expect(userMenu(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), json({ recipes: {} })]))).toEqual(shipped);
  });

  it('takes mixes of recipes that ship and of their own, alone or beside recipes', () => {
    const mixes = { both: ['preserve', 'small'] };
    const menu = userMenu(json({ recipes: { small: { extends: 'downscale' } }, mixes }));
    expect(menu.mixes).toEqual(new Map([['both', ['preserve', 'small']]]));
    expect(userMenu(json({ mixes: { web: ['ladder'] } })).mixes.get('web')).toEqual(['ladder']);
  });

  it('takes shares of models', () => {
    const shares = { 'websr-l-rl': 0.9, 'websr-m-rl': 0.1 };
    expect(userMenu(json({ upscaleModels: shares })).upscaleModels).toEqual(new Map(Object.entries(shares)));
  });

  it.each([
    { shares: { 'websr-xl': 1 }, says: 'recipes.json: upscaleModels: no model "websr-xl"; there are: websr-s-rl, ' },
    { shares: { 'websr-l-rl': -1 }, says: 'recipes.json: upscaleModels.websr-l-rl: must be 0 or more' },
    { shares: { 'websr-l-rl': 0 }, says: 'recipes.json: upscaleModels: gives no model a share' },
    { shares: {}, says: 'recipes.json: upscaleModels: gives no model a share' },
    { shares: 'websr-l-rl=1', says: 'recipes.json: upscaleModels: must be an object: { "<model>": <share> }' },
  ])('refuses shares of $shares', ({ shares, says }) => {
    expect(() => userMenu(json({ upscaleModels: shares }))).toThrow(refusal(says));
  });

  it('takes other weights of priorities, and keeps the rest', () => {
    expect(userMenu(json({ priority: { download: 5, recent: 0 } })).weights).toEqual({
      ...DEFAULT_WEIGHTS,
      download: 5,
      recent: 0,
    });
  });

  it.each([
    { what: 'no JSON', file: '{ "recipes": ', parts: ['recipes.json: '] },
    { what: 'no UTF-8', file: Buffer.from([0x22, 0xff, 0x22]), parts: ['recipes.json: '] },
    { what: 'a list', file: [], parts: ['recipes.json: must be an object with: recipes'] },
    {
      what: 'nothing',
      file: {},
      parts: ['recipes.json: has neither recipes nor mixes nor priority nor upscaleModels nor models'],
    },
    { what: 'recipes that are none', file: { recipes: null }, parts: ['recipes.json: recipes: must be an object'] },
    { what: 'mixes that are none', file: { mixes: [] }, parts: ['recipes.json: mixes: must be an object'] },
    { what: 'a weight that is none', file: { priority: { views: 1 } }, parts: ['priority: has no "views"', 'view, '] },
    { what: 'a weight below 0', file: { priority: { recent: -1 } }, parts: ['priority.recent: must be 0 or more'] },
    { what: 'a mix that is no list', file: { mixes: { a: 'ladder' } }, parts: ['mixes.a: must be a list of ids'] },
    { what: 'a mix of nothing', file: { mixes: { a: [] } }, parts: ['mixes.a: names no recipe'] },
    { what: 'a mix of no texts', file: { mixes: { a: [1] } }, parts: ['mixes.a.0: must be the id of a recipe'] },
    {
      what: 'a mix of unknown recipes',
      file: { mixes: { a: ['ladr'] } },
      parts: ['mixes.a: no recipe "ladr"', 'ladder'],
    },
    { what: 'a mix of mixes', file: { mixes: { a: ['vj'], b: ['a'] } }, parts: ['mixes.b: no recipe "a"'] },
    { what: 'a recipe twice', file: { mixes: { a: ['vj', 'vj'] } }, parts: ['mixes.a: it names "vj" twice'] },
    { what: 'a mix by the name of a recipe', file: { mixes: { vj: ['ladder'] } }, parts: ['mixes.vj', 'is a recipe'] },
    { what: 'a mix by the name of our folder', file: { mixes: { cache: ['vj'] } }, parts: ['mixes.cache', 'folder'] },
    { what: 'a mix with capitals', file: { mixes: { Web: ['vj'] } }, parts: ['mixes.Web', 'a-z, 0-9 and -'] },
    {
      what: 'another field',
      file: { recipes: {}, recipe: {} },
      parts: ['recipes.json: has no "recipe"; there are: recipes'],
    },
    {
      what: 'a recipe that is no object',
      file: { recipes: { a: 'preserve' } },
      parts: ['recipes.a: must be an object with: extends'],
    },
    {
      what: 'a recipe of nothing',
      file: { recipes: { a: {} } },
      parts: ['recipes.a.extends: must be the id of a recipe'],
    },
    {
      what: 'a field that no recipe has',
      file: { recipes: { a: { extends: 'preserve', crf: 28 } } },
      parts: ['recipes.a: has no "crf"; there are: extends, summary, settings, remakeOn'],
    },
    {
      what: 'anything but the tools to be made anew for',
      file: { recipes: { a: { extends: 'preserve', remakeOn: 'always' } } },
      parts: ['recipes.a.remakeOn: must be "tools", or left out'],
    },
    {
      what: 'a summary that is no text',
      file: { recipes: { a: { extends: 'preserve', summary: 3 } } },
      parts: ['recipes.a.summary: must be a text'],
    },
    {
      what: 'settings that are no object',
      file: { recipes: { a: { extends: 'preserve', settings: 'crf=28' } } },
      parts: ['recipes.a.settings: must be an object'],
    },
    {
      what: 'a setting that is no plain value',
      file: { recipes: { a: { extends: 'preserve', settings: { crf: [28] } } } },
      parts: ['recipes.a.settings.crf: must be a text, a number, true or false'],
    },
    {
      what: 'an unknown parent',
      file: { recipes: { a: { extends: 'ladder-9k' } } },
      parts: ['recipes.a.extends: no recipe "ladder-9k"; there are: ', 'preserve', 'downscale'],
    },
    {
      what: 'a setting that the recipe does not take',
      file: { recipes: { a: { extends: 'preserve', settings: { quality: 'high' } } } },
      parts: ['recipes.a.settings: ', 'no setting "quality"; there are: crf (10-40)'],
    },
    {
      what: 'a setting out of range',
      file: { recipes: { a: { extends: 'preserve', settings: { crf: 51 } } } },
      parts: ['recipes.a.settings: crf=51 is out of range; it takes 10-40'],
    },
    {
      what: 'the id of one that ships',
      file: { recipes: { preserve: { extends: 'downscale' } } },
      parts: ['recipes.preserve', 'ships'],
    },
    {
      what: 'the name of our folder',
      file: { recipes: { failed: { extends: 'preserve' } } },
      parts: ['recipes.failed', 'folder'],
    },
    {
      what: 'an id with capitals',
      file: { recipes: { Archive: { extends: 'preserve' } } },
      parts: ['recipes.Archive', 'a-z, 0-9 and -'],
    },
    {
      what: 'an id that leads away',
      file: { recipes: { '../x': { extends: 'preserve' } } },
      parts: ['recipes.../x', 'a-z'],
    },
    { what: 'no id', file: { recipes: { '': { extends: 'preserve' } } }, parts: ['an id takes'] },
  ])('refuses $what, and names the place and what is allowed', ({ file, parts }) => {
    const bytes = typeof file === 'string' ? Buffer.from(file) : Buffer.isBuffer(file) ? file : json(file);
    expect(() => userMenu(bytes)).toThrow(refusal(...parts));
  });
});

describe('dropSettings', () => {
  const key = 'input/preserve/clip.mov.reelmill.json';

  it('gives what is asked for', () => {
    const settings = { crf: 24, preset: 'slow', lossless: false };
    expect(dropSettings(json({ settings }), key)).toEqual(settings);
  });

  it.each([
    { what: 'no JSON', bytes: Buffer.from('crf=24'), parts: [key] },
    { what: 'no settings', bytes: json({}), parts: [key, 'settings: must be an object'] },
    { what: 'settings at the top', bytes: json({ crf: 24 }), parts: [key, 'has no "crf"; there are: settings'] },
    { what: 'a value that is none', bytes: json({ settings: { crf: null } }), parts: [key, 'settings.crf: must be'] },
  ])('refuses $what, naming the file', ({ bytes, parts }) => {
    expect(() => dropSettings(bytes, key)).toThrow(refusal(...parts));
  });
});
