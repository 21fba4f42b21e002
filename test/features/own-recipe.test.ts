import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sender } from '../../app/dispatch/send-job.ts';
import { settleJob } from '../../app/dispatch/settle-job.ts';
import { takeDrop } from '../../app/intake/take-drop.ts';
import { planFigures } from '../../app/plan/plan-figures.ts';
import { RECIPES, recipeNamed } from '../../core/recipes/index.ts';
import { candidates } from '../../core/recipes/renditions.ts';
import { userMenu } from '../../core/recipes/user-recipes.ts';
import { resolveSettings } from '../../core/settings/settings.ts';
import { type TestIntake, testIntake } from '../support/intake.ts';

/** A user's recipe of each that ships, and a few whose defaults say where their jobs have to go. */
const MENU = userMenu(
  Buffer.from(
    JSON.stringify({
      recipes: {
        ...Object.fromEntries(RECIPES.map(({ id }) => [`my-${id}`, { extends: id }])),
        'by-card': { extends: 'preserve', settings: { encoder: 'nvenc' } },
        'very-slow': { extends: 'preserve', settings: { preset: 'veryslow' } },
        'best-quality': { extends: 'preserve', settings: { vmaf: 95 } },
      },
    }),
  ),
);

const SHIPPED = RECIPES.map(({ id }) => ({ own: `my-${id}`, shipped: id, asked: {} }));
const SAID_BY_DEFAULTS = [
  { own: 'by-card', shipped: 'preserve', asked: { encoder: 'nvenc' } },
  { own: 'very-slow', shipped: 'preserve', asked: { preset: 'veryslow' } },
  { own: 'best-quality', shipped: 'preserve', asked: { vmaf: 95 } },
];

describe("a user's recipe", () => {
  let intake: TestIntake;
  beforeEach(async () => {
    intake = { ...(await testIntake()), menu: async () => MENU };
  });
  afterEach(() => intake.close());

  const routeOfDrop = async (recipe: string, settings: object, bytes: number) => {
    const key = `input/${recipe}/film of ${bytes} bytes.mov`;
    await intake.folder.write(key, 'some bytes', 'video/mp4');
    await intake.folder.write(`${key}.reelmill.json`, JSON.stringify({ settings }), 'application/json');
    const facts = { bytes, pixels: undefined, durationSeconds: undefined };
    const inbox = { ...intake.inbox, measure: async () => facts };
    const ports = { ...intake, inbox };
    await takeDrop(key, { ...ports, send: sender(ports) });
    return intake.sent.at(-1);
  };

  it.each([...SHIPPED, ...SAID_BY_DEFAULTS])('$own is sent where $shipped with $asked is', async (row) => {
    for (const bytes of [1e6, 2e9, 6e9, 2e10, 1e12]) {
      const own = await routeOfDrop(row.own, {}, bytes);
      const shipped = await routeOfDrop(row.shipped, row.asked, bytes);
      expect(own?.job.recipe).toBe(row.own);
      expect(own?.route).toEqual(shipped?.route);
    }
  });

  it('that enlarges is sent to a graphics card, and again after Spot took that away', async () => {
    const sent = await routeOfDrop('my-upscale', {}, 1e6);
    expect(sent?.route).toMatchObject({ compute: 'gpu', market: 'spot' });
    const reference = sent?.reference ?? '';
    const end = {
      statusReason: 'Host EC2 (instance i-0123) terminated.',
      exitCode: undefined,
      containerReason: undefined,
    };
    const [job] = await intake.jobs.list(1);
    if (!job) throw new Error('there is no job');
    expect(await settleJob({ job: job.id, reference, succeeded: false, end }, intake)).toBe('sent again');
    expect(intake.sent.at(-1)?.route).toMatchObject({ compute: 'gpu', market: 'on-demand' });
  });

  it.each([...SHIPPED, ...SAID_BY_DEFAULTS])('$own makes and estimates what $shipped with $asked does', (row) => {
    const recipe = recipeNamed(row.own, MENU.recipes);
    const shipped = recipeNamed(row.shipped);
    const figures = { width: 3840, height: 2160, fps: 25, minutes: 10 };
    expect(candidates(recipe, resolveSettings(recipe, {}))).toEqual(
      candidates(shipped, resolveSettings(shipped, row.asked)),
    );
    expect(planFigures(figures, { recipe, settings: {} }, 4)).toEqual(
      planFigures(figures, { recipe: shipped, settings: row.asked }, 4),
    );
  });
});
