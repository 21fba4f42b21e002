import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { planDrop } from '../../app/plan/plan-drop.ts';
import { collectedKeys } from '../../core/job/drop.ts';
import { jobIdOf } from '../../core/job/job.ts';
import { preserve } from '../../core/recipes/preserve.ts';
import type { Recipe } from '../../core/recipes/recipe.ts';
import { openLocal } from '../../runtime/local-ports.ts';
import { makeClip } from '../support/clip.ts';
import { testMill } from '../support/mill.ts';

const SETTINGS = { preset: 'ultrafast', segmentSeconds: '1', evenIfLarger: true };
const never = new AbortController().signal;

/** A mill whose ffmpeg says that it is of another version, as it does after a patch. */
async function patchable() {
  let version = '';
  const mill = await testMill({
    between: ({ maker }) => ({
      maker: {
        ...maker,
        tools: async (codec, signal) => {
          const tools = await maker.tools(codec, signal);
          return version === '' ? tools : { ...tools, ffmpeg: version };
        },
      },
    }),
  });
  const patch = (to: string) => {
    version = to;
  };
  const source = join(mill.folder, 'in', 'film.mp4');
  await makeClip(source, { seconds: 1 });
  return { ...mill, source, patch };
}

const onTools: Recipe = { ...preserve, id: 'on-tools', remakeOn: 'tools' };

describe('what was published and verified', () => {
  it('stays as it is when the tools are patched, is made anew where a run asks for that, and stays again', async () => {
    const mill = await patchable();
    const first = await mill.run(mill.source, 'preserve', SETTINGS);
    const made = (await first.manifest()).renditions[0];
    mill.patch('9.9-patched');

    const patched = await mill.run(mill.source, 'preserve', SETTINGS);
    expect(patched.outcome.status).toBe('unchanged');
    expect((await patched.manifest()).renditions[0]?.tool).toBe(made?.tool);

    const asked = await mill.run(mill.source, 'preserve', SETTINGS, { remake: true });
    expect(asked.outcome.status).toBe('done');
    expect(asked.encoded()).toEqual({ preserve: made?.segments.total }); // pieces keep the versions in their keys
    expect((await asked.manifest()).renditions[0]?.tool).toContain('ffmpeg 9.9-patched');

    expect((await mill.run(mill.source, 'preserve', SETTINGS)).outcome.status).toBe('unchanged');
  });

  it('is made anew out of its pieces where the tools are the same', async () => {
    const mill = await patchable();
    await mill.run(mill.source, 'preserve', SETTINGS);
    const again = await mill.run(mill.source, 'preserve', SETTINGS, { remake: true });
    expect(again.outcome.status).toBe('done');
    expect(again.encoded()).toEqual({});
  });

  it('is made anew by other tools where its recipe says so, and only then', async () => {
    const mill = await patchable();
    await mill.run(mill.source, onTools, SETTINGS);
    expect((await mill.run(mill.source, onTools, SETTINGS)).outcome.status).toBe('unchanged');
    mill.patch('9.9-patched');
    expect((await mill.run(mill.source, onTools, SETTINGS)).encoded()).toEqual({ preserve: 1 });
    expect((await mill.run(mill.source, onTools, SETTINGS)).outcome.status).toBe('unchanged');
  });
});

describe('a plan', () => {
  it.each([
    {
      asks: 'nobody',
      recipe: preserve,
      remake: false,
      action: 'keep',
      why: /nothing .* changed; it was made by ffmpeg .* with --remake/,
    },
    {
      asks: 'the run',
      recipe: preserve,
      remake: true,
      action: 'make',
      why: /^it was made by ffmpeg .* would be made by ffmpeg 9.9/,
    },
    {
      asks: 'the recipe',
      recipe: onTools,
      remake: false,
      action: 'make',
      why: /^it was made by ffmpeg .* would be made by ffmpeg 9.9/,
    },
  ])('says what patched tools would change where $asks asks for it', async ({ recipe, remake, action, why }) => {
    const mill = await patchable();
    await mill.run(mill.source, recipe, SETTINGS);
    const local = await openLocal(join(mill.folder, 'work'), never, () => {});
    try {
      const out = join(mill.folder, 'out');
      const all = local.portsFor({ sources: join(mill.folder, 'in'), outputs: out });
      const tools: typeof all.maker.tools = async (codec, signal) => ({
        ...(await all.maker.tools(codec, signal)),
        ffmpeg: '9.9-patched',
      });
      const id = jobIdOf({ store: out, recipe: recipe.id, source: 'film.mp4', version: '' });
      const request = {
        recipe,
        settings: SETTINGS,
        source: 'film.mp4',
        ...collectedKeys(recipe.id, 'film.mp4'),
        id,
        remake,
      };
      const planned = await planDrop(request, { ...all, maker: { ...all.maker, tools } }, never);
      expect(planned.renditions).toEqual([expect.objectContaining({ action, why: expect.stringMatching(why) })]);
    } finally {
      await local.close();
    }
  });
});
