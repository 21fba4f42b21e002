import { beforeAll, describe, expect, it } from '@jest/globals';
import { RECIPES } from '../../../core/recipes/index.ts';
import { SETTINGS } from '../../../core/settings/settings.ts';
import { reelmill, startReelmill } from '../../support/reelmill.ts';

describe('reelmill recipes', () => {
  let text: string;
  let events: readonly Readonly<Record<string, unknown>>[];
  beforeAll(async () => {
    ({ events } = await reelmill(['recipes', '--json']));
    text = (await startReelmill(['recipes']).ended).stdout;
  });

  it.each(Object.entries(SETTINGS))('tells people and programs of the setting %s', (name, { summary }) => {
    expect(text).toMatch(new RegExp(`^ +${name} +${summary.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`, 'm'));
    const settings = events.flatMap((event) => (Array.isArray(event.settings) ? event.settings : []));
    expect(settings).toContainEqual(expect.objectContaining({ name, summary, range: expect.stringMatching(/./) }));
  });

  it.each(RECIPES)('tells people and programs of the recipe $id', ({ id, summary }) => {
    expect(text).toContain(`${id}\n  ${summary}\n`);
    expect(events).toContainEqual(expect.objectContaining({ type: 'recipe', id, summary }));
  });
});
