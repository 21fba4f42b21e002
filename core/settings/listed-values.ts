import { SETTINGS } from './settings.ts';

/** Returns, for each setting that has a list of values, its name and these. Those that take numbers or sizes have none. */
export function listedValues(): readonly { readonly name: string; readonly values: readonly string[] }[] {
  return Object.entries(SETTINGS).flatMap(([name, { range, parse }]) => {
    const [list = ''] = range.split(',');
    if (!list.includes('|')) return [];
    return [{ name, values: list.split('|').filter((value) => /^[\w.-]+$/.test(value) && parse(value) !== undefined) }];
  });
}
