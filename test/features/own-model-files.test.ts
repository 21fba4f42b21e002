import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { folderStore } from '../../adapters/local/folder-store.ts';
import { recipeNamed } from '../../core/recipes/index.ts';
import { candidates } from '../../core/recipes/renditions.ts';
import { userMenu } from '../../core/recipes/user-recipes.ts';
import { resolveSettings } from '../../core/settings/settings.ts';
import { enlargement } from '../../core/upscale/enlargement.ts';
import { testPicture } from '../../media/onnx/contract-pictures.ts';
import { upscalers } from '../../media/onnx/upscalers.ts';
import { enlarged, untagged } from '../media/onnx/frames.ts';
import { linear, made, repeating, shipped } from '../media/onnx/networks.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const { file, model } = made(repeating);
const registered = { version: '1.0', licence: 'MIT', scale: 2, sha256: model.sha256, network: model.network };
const menuOf = (models: unknown) => userMenu(Buffer.from(JSON.stringify({ models })));
const asking = (models: unknown, settings: Record<string, string>) => {
  const recipe = recipeNamed('upscale', menuOf(models).recipes);
  return candidates(recipe, resolveSettings(recipe, settings));
};

const frames = { width: 24, height: 16, pixelFormat: 'yuv420p' } as const;

async function storeOf(files: Readonly<Record<string, Uint8Array>>) {
  const root = await temporaryFolder();
  for (const [key, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(root, key)), { recursive: true });
    await writeFile(join(root, key), bytes);
  }
  return { store: folderStore(root), shared: join(root, 'shared') };
}

describe('a model that a user registers in recipes.json', () => {
  it('is asked for by its name, and enlarges from where it lies in the store', async () => {
    const [rendition] = asking({ 'my-net': registered }, { model: 'my-net' });
    expect(rendition?.enlarge).toMatchObject({ model: 'my-net', sha256: model.sha256, scale: 2, device: 'cpu' });
    const networks = upscalers('/nowhere', await storeOf({ 'models/my-net/1.0.onnx': file }));
    const frame = testPicture(frames);
    const enlarge = { ...(rendition?.enlarge ?? enlargement({})), from: frames, finish: [] };
    const found = await networks.use(enlarge, untagged, async (upscaler) => {
      const into = new Uint8Array(upscaler.frameBytes);
      await upscaler.enlarge([frame], [into]);
      return into;
    });
    await networks.close();
    expect(found).toEqual(await enlarged(made(repeating), frames, frame));
  });

  it('is refused where another file lies there, or none', async () => {
    const [rendition] = asking({ 'my-net': registered }, { model: 'my-net' });
    const enlarge = { ...(rendition?.enlarge ?? enlargement({})), from: frames, finish: [] };
    const opened = async (files: Readonly<Record<string, Uint8Array>>) =>
      upscalers('/nowhere', await storeOf(files)).use(enlarge, untagged, async () => 'opened');
    await expect(opened({ 'models/my-net/1.0.onnx': made(linear).file })).rejects.toMatchObject({ code: 'bad-input' });
    await expect(opened({})).rejects.toMatchObject({ code: 'no-input' });
  });

  it('can be compared with one that ships, and be the default of a recipe', () => {
    const both = asking({ 'my-net': registered }, { model: 'my-net,websr-s-rl' });
    expect(both.map(({ enlarge }) => enlarge?.model)).toEqual(['my-net', 'websr-s-rl']);
    const own = {
      recipes: { mine: { extends: 'upscale', settings: { model: 'my-net' } } },
      models: { 'my-net': registered },
    };
    const recipe = recipeNamed('mine', userMenu(Buffer.from(JSON.stringify(own))).recipes);
    expect(candidates(recipe, resolveSettings(recipe, {}))[0]?.enlarge?.model).toBe('my-net');
  });

  it('is named among what there is', () => {
    expect(() => asking({ 'my-net': registered }, { model: 'none' })).toThrow(/model=none is out of range.*\|my-net,/);
    expect(() => asking({ 'my-net': registered }, { model: 'my-net', scale: '4' })).toThrow(
      /my-net makes pictures 2 times/,
    );
  });

  it('takes what `reelmill model` writes of it', () => {
    expect(() =>
      menuOf({ 'my-net': { ...registered, id: 'my-net', range: { black: 0, white: 255 }, halo: 20, bytes: 100 } }),
    ).not.toThrow();
  });

  it('says how far it sees, and how many frames it takes, where its graph does not', () => {
    const cut = { halo: 'whole', align: 32 };
    const [rendition] = asking(
      { 'my-net': { ...registered, cut, frames: { window: 14, overlap: 2 } } },
      { model: 'my-net' },
    );
    expect(rendition?.enlarge?.own).toMatchObject({ cut, frames: { window: 14, overlap: 2 } });
  });

  it.each([
    { what: 'no licence', entry: { ...registered, licence: undefined }, says: 'models.my-net.licence: must be' },
    { what: 'no hash', entry: { ...registered, sha256: 'abc' }, says: 'models.my-net.sha256: must be 64 hexadecimal' },
    {
      what: 'a scale that is none',
      entry: { ...registered, scale: 2.5 },
      says: 'models.my-net.scale: must be 2, 3 or 4',
    },
    {
      what: 'a version that leaves its folder',
      entry: { ...registered, version: '../1' },
      says: 'models.my-net.version',
    },
    { what: 'a range of nothing', entry: { ...registered, range: { black: 1, white: 1 } }, says: 'black and white' },
    { what: 'a field that nobody knows', entry: { ...registered, url: 'x' }, says: 'has no "url"; there are: version' },
    { what: 'another name', entry: { ...registered, id: 'other' }, says: 'models.my-net.id: it is "other"' },
    {
      what: 'a halo that is none',
      entry: { ...registered, cut: { halo: 'all', align: 8 } },
      says: 'models.my-net.cut.halo: must be a number of pixels, or "whole"',
    },
    {
      what: 'a step of nothing',
      entry: { ...registered, cut: { halo: 8, align: 0 } },
      says: 'models.my-net.cut.align: must be a number of pixels',
    },
    {
      what: 'one frame at a time as a window',
      entry: { ...registered, frames: { window: 1 } },
      says: 'models.my-net.frames.window: must be 2 or more',
    },
    {
      what: 'frames that all are context',
      entry: { ...registered, frames: { window: 4, overlap: 2 } },
      says: 'models.my-net.frames: has an overlap that leaves no frame',
    },
    { what: 'no network', entry: { ...registered, network: undefined }, says: 'models.my-net.network: must look like' },
  ])('is refused with $what', ({ entry, says }) => {
    expect(() => menuOf({ 'my-net': entry })).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(says) }),
    );
  });

  it.each([
    { id: 'websr-s-rl', says: 'ships with Reelmill' },
    { id: 'a,b', says: 'an id may contain' },
    { id: '../x', says: 'an id may contain' },
  ])('is refused under the name $id', ({ id, says }) => {
    expect(() => menuOf({ [id]: registered })).toThrow(
      expect.objectContaining({ message: expect.stringContaining(says) }),
    );
  });
});

describe('a listed model that does not lie beside the program', () => {
  const enlarge = { ...enlargement({ model: 'websr-s-rl' }), from: frames, finish: [] };

  it('is taken from the store', async () => {
    const { file: bytes, model: listed } = await shipped('websr-s-rl');
    const networks = upscalers('/nowhere', await storeOf({ [`models/websr-s-rl/${listed.version}.onnx`]: bytes }));
    expect(await networks.use(enlarge, untagged, async ({ frames: { width } }) => width)).toBe(2 * frames.width);
    await networks.close();
  });

  it('is missing by its path where the store has none either', async () => {
    const opened = upscalers('/nowhere', await storeOf({})).use(enlarge, untagged, async () => 'opened');
    await expect(opened).rejects.toMatchObject({
      code: 'no-input',
      message: expect.stringContaining('/nowhere/models'),
    });
  });
});
