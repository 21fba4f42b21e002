import { beforeAll, describe, expect, it } from '@jest/globals';
import { displayWidth } from '../../../cli/terminal/display-width.ts';
import { RECIPES } from '../../../core/recipes/index.ts';
import { SETTINGS, type SettingName, settingOf } from '../../../core/settings/settings.ts';
import { reelmill, startReelmill } from '../../support/reelmill.ts';

describe('reelmill recipes', () => {
  let printed: string;
  let text: string;
  let events: readonly Readonly<Record<string, unknown>>[];
  beforeAll(async () => {
    ({ events } = await reelmill(['recipes', '--json']));
    printed = (await startReelmill(['recipes']).ended).stdout;
    text = printed.replace(/\n {5,}/g, ' '); // a row goes on below its second column
  });

  it('keeps its lines readable where there is no terminal', () => {
    expect(printed.split('\n').filter((line) => displayWidth(line) > 120)).toEqual([]);
  });

  it.each(Object.keys(SETTINGS) as SettingName[])(
    'tells people and programs of the setting %s, as each recipe that takes it has it',
    (name) => {
      const takers = RECIPES.filter(({ settings }) => settings.some((each) => each === name));
      expect(takers).not.toEqual([]);
      const settings = events.flatMap((event) => (Array.isArray(event.settings) ? event.settings : []));
      for (const { summary, range } of takers.map((recipe) => settingOf(recipe, name))) {
        expect(text).toMatch(new RegExp(`^ +${name} +${summary.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`, 'm'));
        expect(settings).toContainEqual(expect.objectContaining({ name, summary, range }));
      }
    },
  );

  it.each(RECIPES)('tells people and programs of the recipe $id', ({ id, summary }) => {
    expect(printed.replace(/\s+/g, ' ')).toContain(` ${id} ${summary} `.slice(id === RECIPES[0]?.id ? 1 : 0));
    expect(events).toContainEqual(expect.objectContaining({ type: 'recipe', id, summary }));
  });
});
