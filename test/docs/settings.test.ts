import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { RECIPES } from '../../core/recipes/index.ts';
import { SETTINGS, type SettingName, settingOf, settingText } from '../../core/settings/settings.ts';

const NAMES = Object.keys(SETTINGS).filter((name): name is SettingName => name in SETTINGS);
const inTable = (text: string) => text.replaceAll('|', '\\|');

/** What the page is to say of a setting: copy it from here where it does not. */
function rowOf(name: SettingName): string {
  const takers = RECIPES.filter(({ settings }) => settings.includes(name));
  const usual = SETTINGS[name].range;
  const other = takers.flatMap((recipe) => {
    const { range } = settingOf(recipe, name);
    return range === usual ? [] : [`; in \`${recipe.id}\` ${range}`];
  });
  const recipes = takers.map(({ id, defaults }) => {
    const value = settingText(defaults[name]);
    return `\`${id}\`${value === undefined ? '' : ` (${value})`}`;
  });
  return `| \`${name}\` | ${inTable(SETTINGS[name].summary)} | ${inTable(usual + other.join(''))} | ${recipes.join(', ')} |`;
}

const rows = () =>
  readFileSync('docs/settings.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'));

it.each(NAMES)('docs/settings.md says what %s does, what it takes, and which recipes take it', (name) => {
  expect(rows().find((row) => row.startsWith(`| \`${name}\` `))).toBe(rowOf(name));
});

it('docs/settings.md has no setting that there is not, and each once', () => {
  expect(rows()).toHaveLength(NAMES.length);
});
