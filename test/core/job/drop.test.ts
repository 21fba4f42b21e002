import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { collectedKeys, type Drop, dropFromKey, dropSettingsKey, mirroredKeys } from '../../../core/job/drop.ts';
import { keyFault } from '../../../core/object-key.ts';
import { RECIPES } from '../../../core/recipes/index.ts';

const bytesOf = (text: string) => Buffer.byteLength(text);

describe('dropFromKey', () => {
  it.each([
    { key: 'input/preserve/clip.mov', recipe: 'preserve', path: 'clip.mov' },
    { key: 'input/preserve/CLIP.MOV', recipe: 'preserve', path: 'CLIP.MOV' },
    { key: 'input/downscale/2019/sommer/a b.Mp4', recipe: 'downscale', path: '2019/sommer/a b.Mp4' },
    { key: 'input/my-4k/without extension', recipe: 'my-4k', path: 'without extension' },
    { key: `input/preserve/it's "a"\nname 👋.mkv`, recipe: 'preserve', path: `it's "a"\nname 👋.mkv` },
    { key: 'input/preserve/-rf.mov', recipe: 'preserve', path: '-rf.mov' },
    { key: 'input/preserve/a..b...mov', recipe: 'preserve', path: 'a..b...mov' },
    { key: 'input/preserve/partial.mov', recipe: 'preserve', path: 'partial.mov' },
    { key: 'input/preserve/part/tmp', recipe: 'preserve', path: 'part/tmp' },
    { key: 'input/preserve/notes.json', recipe: 'preserve', path: 'notes.json' },
    { key: 'input/preserve/output/preserve/x.mp4', recipe: 'preserve', path: 'output/preserve/x.mp4' },
    { key: 'input/unknown/clip.mov', recipe: 'unknown', path: 'clip.mov' },
  ])('reads $key as a drop', ({ key, recipe, path }) => {
    expect(dropFromKey(key)).toEqual({ kind: 'drop', recipe, path });
  });

  it.each([
    '',
    'clip.mov',
    'recipes.json',
    'output/preserve/clip.mov/preserve.mp4',
    'output/preserve/clip.mov/manifest.json',
    'failed/preserve/clip.mov.json',
    'work/x/input/preserve/clip.mov',
    'Input/preserve/clip.mov',
    'inputs/preserve/clip.mov',
    '/input/preserve/clip.mov',
    'input',
    'input/',
    'input/preserve/',
    'input/preserve/2019/',
    'input/.DS_Store',
    'input/preserve/.DS_Store',
    'input/preserve/._clip.mov',
    'input/preserve/.cache/clip.mov',
    'input/.hidden/clip.mov',
    'input/preserve/.reelmill-tmp-0123',
    'input/preserve/Thumbs.db',
    'input/preserve/THUMBS.DB',
    'input/preserve/desktop.ini',
    'input/preserve/clip.mov.part',
    'input/preserve/clip.MOV.PART',
    'input/preserve/clip.mov.crdownload',
    'input/preserve/clip.mov.tmp',
    'input/preserve/clip.mov.filepart',
    'input/preserve/clip.mov~',
    'input/preserve/clip.mov.reelmill.json',
    'input/preserve/clip.mov.Reelmill.JSON',
    'input/recipes.json',
  ])('ignores %j', (key) => {
    expect(dropFromKey(key)).toEqual({ kind: 'ignored' });
  });

  it.each([
    { key: 'input/clip.mov', reason: 'names no recipe' },
    { key: 'input/Preserve/clip.mov', reason: '"Preserve" cannot be a recipe' },
    { key: 'input/my recipe/clip.mov', reason: '"my recipe" cannot be a recipe' },
    { key: `input/${'x'.repeat(41)}/clip.mov`, reason: 'up to 40' },
    { key: 'input/../output/x.mov', reason: 'leads out' },
    { key: 'input/preserve/../../../etc/passwd', reason: 'leads out' },
    { key: 'input/preserve/..\\..\\x.mov', reason: 'leads out' },
    { key: 'input/preserve//clip.mov', reason: 'empty part' },
    { key: 'input//clip.mov', reason: 'empty part' },
    { key: 'input/preserve/./clip.mov', reason: 'only a dot' },
    { key: 'input/preserve/a\0.mov', reason: 'NUL' },
    { key: 'input/preserve/\ud83d.mov', reason: 'Unicode' },
    { key: `input/preserve/${'映'.repeat(300)}`, reason: 'at most 900' },
  ])('refuses $key: $reason', ({ key, reason }) => {
    expect(dropFromKey(key)).toEqual({ kind: 'refused', reason: expect.stringContaining(reason) });
  });
});

const recipe = fc.stringMatching(/^[a-z0-9-]{1,40}$/);
const name = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
  fc.constantFrom('clip.mov', 'A.MOV', '-', 'con', 'nul', 'a\\b', ' ', '映像', 'cafe\u0301'),
);
const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
const inputKey = ({ recipe: asked, path: below }: Drop) => `input/${asked}/${below}`;
const drops = fc.record({ recipe, path }).filter((drop) => dropFromKey(inputKey(drop)).kind === 'drop');
const anyKey = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('input', 'output', 'failed', 'preserve', '..', '.', '', 'a.mov', '\\', '..\\x'), {
      maxLength: 7,
    })
    .map((parts) => parts.join('/')),
);

describe('a drop', () => {
  it('is found again from its key', () => {
    fc.assert(fc.property(drops, (drop) => expect(dropFromKey(inputKey(drop))).toEqual({ kind: 'drop', ...drop })));
  });

  it('is the only drop with its key', () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        const reading = dropFromKey(key);
        if (reading.kind === 'drop') expect(inputKey(reading)).toBe(key);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    { layout: 'mirrored', placesOf: mirroredKeys, top: 'output/' },
    {
      layout: 'collected',
      placesOf: (drop: Drop) => collectedKeys(drop.recipe, drop.path.split('/').at(-1) ?? ''),
      top: '',
    },
  ])('never writes outside its output keys, nor where it would be a drop again ($layout)', ({ placesOf, top }) => {
    fc.assert(
      fc.property(drops, (drop) => {
        const { outputPrefix, failureKey } = placesOf(drop);
        expect(outputPrefix.startsWith(`${top}${drop.recipe}/`)).toBe(true);
        expect(failureKey.startsWith(`failed/${drop.recipe}/`)).toBe(true);
        for (const key of [`${outputPrefix}/manifest.json`, failureKey]) expect(keyFault(key)).toBeUndefined();
        if (top) expect(dropFromKey(`${outputPrefix}/preserve.mp4`)).toEqual({ kind: 'ignored' });
        expect(dropFromKey(failureKey)).toEqual({ kind: 'ignored' });
      }),
    );
  });

  it('never shares its output keys with another drop', () => {
    fc.assert(
      fc.property(drops, drops, (one, other) => {
        fc.pre(inputKey(one) !== inputKey(other));
        expect(mirroredKeys(one).outputPrefix).not.toBe(mirroredKeys(other).outputPrefix);
        expect(mirroredKeys(one).failureKey).not.toBe(mirroredKeys(other).failureKey);
      }),
    );
  });

  it('has keys that S3 takes, and names that a file system takes', () => {
    const long = { recipe: 'x'.repeat(40), path: `${'d'.repeat(255)}/${'映'.repeat(85)}/${'é'.repeat(127)}x` };
    expect(dropFromKey(inputKey(long)).kind).toBe('drop');
    const { outputPrefix, failureKey } = mirroredKeys(long);
    expect(bytesOf(`${outputPrefix}/preserve.mp4`)).toBeLessThanOrEqual(1024);
    expect(
      failureKey
        .split('/')
        .map(bytesOf)
        .every((bytes) => bytes <= 255),
    ).toBe(true);
    const another = mirroredKeys({ ...long, path: long.path.replace(/x$/, 'y') });
    expect(another.failureKey).not.toBe(failureKey);
  });
});

describe('output keys', () => {
  const drop = { recipe: 'preserve', path: '2019/clip.mov' };

  it('mirror the inputs, with the extension', () => {
    expect(mirroredKeys(drop)).toEqual({
      outputPrefix: 'output/preserve/2019/clip.mov',
      failureKey: 'failed/preserve/2019/clip.mov.json',
    });
  });

  it('are collected by file name for run', () => {
    expect(collectedKeys('preserve', 'clip.mov')).toEqual({
      outputPrefix: 'preserve/clip.mov',
      failureKey: 'failed/preserve/clip.mov.json',
    });
  });

  it("keep a drop's settings beside it, in a file that is not a drop", () => {
    expect(dropSettingsKey(inputKey(drop))).toBe('input/preserve/2019/clip.mov.reelmill.json');
    expect(dropFromKey(dropSettingsKey(inputKey(drop)))).toEqual({ kind: 'ignored' });
  });

  it.each(RECIPES)('accept the name of the recipe that ships: $id', ({ id }) => {
    expect(dropFromKey(`input/${id}/a.mov`)).toMatchObject({ kind: 'drop', recipe: id });
  });
});
