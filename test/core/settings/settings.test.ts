import { describe, expect, it } from '@jest/globals';
import { RECIPES, recipeNamed } from '../../../core/recipes/index.ts';
import { preserve } from '../../../core/recipes/preserve.ts';
import type { Recipe } from '../../../core/recipes/recipe.ts';
import { recipeKeys } from '../../../core/recipes/recipe-key.ts';
import { resolveSettings, SETTINGS, type Settings, settingText } from '../../../core/settings/settings.ts';

describe('a setting', () => {
  it.each([
    ['crf', '23', 23],
    ['crf', '10', 10],
    ['crf', '25.5', 25.5],
    ['crf', '40', 40],
    ['crf', '28', 28],
    ['preset', 'ultrafast', 'ultrafast'],
    ['preset', 'veryslow', 'veryslow'],
    ['vmaf', '95', 95],
    ['lossless', 'true', true],
    ['lossless', 'false', false],
    ['evenIfLarger', 'true', true],
    ['segmentSeconds', '10-60', { shortest: 10, longest: 60 }],
    ['segmentSeconds', '1', { shortest: 1, longest: 1 }],
    ['segmentSeconds', '1.5-2.5', { shortest: 1.5, longest: 2.5 }],
    ['container', 'mkv', 'mkv'],
  ])('%s=%s is read', (name, text, value) => {
    expect(resolveSettings(preserve, { [name]: text })).toMatchObject({ [name]: value });
  });

  it.each([
    ['crf', '9.9'],
    ['crf', '41'],
    ['crf', ''],
    ['crf', ' '],
    ['crf', 'good'],
    ['crf', 'NaN'],
    ['crf', 'Infinity'],
    ['preset', 'placebo'],
    ['preset', 'Medium'],
    ['vmaf', '100'],
    ['vmaf', '69'],
    ['lossless', 'yes'],
    ['lossless', '1'],
    ['segmentSeconds', '0'],
    ['segmentSeconds', '60-10'],
    ['segmentSeconds', '10-601'],
    ['segmentSeconds', '-5'],
    ['segmentSeconds', '1-2-3'],
    ['container', 'avi'],
  ])('%s=%j is a usage error that says what it takes', (name, text) => {
    const known = Object.entries(SETTINGS).find(([key]) => key === name)?.[1];
    expect(() => resolveSettings(preserve, { [name]: text })).toThrow(
      expect.objectContaining({ code: 'usage', message: `${name}=${text} is out of range; it takes ${known?.range}` }),
    );
  });

  it('of a quality excludes the other one in what is asked for, but not in what a recipe has of its own', () => {
    expect(() => resolveSettings(preserve, { crf: '24', vmaf: '95' })).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: 'crf=24 and vmaf=95 exclude each other: vmaf searches for the CRF; give one of them',
      }),
    );
    expect(resolveSettings(preserve, { vmaf: '95' })).toMatchObject({ crf: 23, vmaf: 95 });
  });

  it.each(['speed', 'CRF', 'constructor', '__proto__', 'toString'])(
    '"%s" is unknown, and the error names all there are',
    (name) => {
      const ask = () => resolveSettings(preserve, Object.fromEntries([[name, '1']]));
      expect(ask).toThrow(expect.objectContaining({ code: 'usage' }));
      expect(ask).toThrow(`preserve has no setting "${name}"; there are: crf (10-40), preset (`);
      for (const there of preserve.settings) expect(ask).toThrow(there);
    },
  );

  it('may be a number or a boolean, as in JSON', () => {
    expect(resolveSettings(preserve, { crf: 24, lossless: true })).toMatchObject({ crf: 24, lossless: true });
  });
});

describe.each(RECIPES)('$id', (recipe) => {
  it('takes its own defaults as they are written', () => {
    const written = recipe.settings.flatMap((name) => {
      const text = settingText(recipe.defaults[name]);
      return text === undefined ? [] : [[name, text]];
    });
    expect(resolveSettings(recipe, Object.fromEntries(written))).toEqual(recipe.defaults);
  });

  it('has renditions of different names, each made from the source or from one before it', () => {
    const there = new Set(['source']);
    for (const { name, parent } of recipe.renditions) {
      expect(there).toContain(parent);
      expect(there).not.toContain(name);
      there.add(name);
    }
  });
});

describe("a recipe's key", () => {
  type Changes = { recipe?: Recipe; settings?: Partial<Settings>; tools?: Record<string, string> };
  const keyOf = ({ recipe = preserve, settings = preserve.defaults, tools = { ffmpeg: '5.1' } }: Changes = {}) =>
    recipeKeys(recipe, recipe.renditions, settings, new Map([['x265', tools]]))[0];

  it.each<{ what: string; changes: Changes }>([
    { what: 'a setting', changes: { settings: { ...preserve.defaults, crf: 24 } } },
    { what: 'the size guard', changes: { recipe: { ...preserve, neverLarger: false } } },
    { what: 'the recipe', changes: { recipe: { ...preserve, id: 'other' } } },
    { what: 'its renditions', changes: { recipe: { ...preserve, renditions: [] } } },
  ])('changes with $what', ({ changes }) => {
    expect(keyOf(changes)).not.toBe(keyOf());
  });

  it("does not change with a tool's version", () => {
    expect(keyOf({ tools: { ffmpeg: '6.0' } })).toBe(keyOf());
  });

  it('changes with the languages that tesseract reads, but not with its version', () => {
    const keyBy = (tesseract: string, languages: string) =>
      recipeKeys(preserve, preserve.renditions, {}, new Map([['ocr', { tesseract, languages }]]))[0];
    expect(keyBy('5.3.0', 'eng')).toBe(keyBy('5.4.1', 'eng'));
    expect(keyBy('5.3.0', 'eng')).not.toBe(keyBy('5.3.0', 'eng,fra'));
  });

  it('is the same however the settings are ordered', () => {
    const settings = Object.fromEntries(Object.entries(preserve.defaults).reverse());
    expect(keyOf({ settings })).toBe(keyOf());
  });
});

describe('an unknown recipe', () => {
  it('is a usage error that lists the recipes', () => {
    expect(() => recipeNamed('conserve')).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining('preserve, downscale') }),
    );
  });
});
