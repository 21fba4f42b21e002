const defaultLists = new WeakSet<readonly string[]>();
const defaultsAmong = new WeakMap<readonly string[], readonly string[]>();

/** Marks a list as default of an option, which values from the command line replace. */
export function asDefaults(list: readonly string[]): readonly string[] {
  defaultLists.add(list);
  return list;
}

/** Collects the values of an option that may be given again. Those from the command line replace the defaults. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] =>
  defaultLists.has(before) ? [value] : [...before, value];

/** Collects settings: one from the command line replaces the default of this setting alone. */
export const collectSettings = (pair: string, before: readonly string[] = []): readonly string[] => {
  const key = pair.slice(0, pair.indexOf('=') + 1);
  const defaults = defaultsAmong.get(before) ?? (defaultLists.has(before) ? before : []);
  const left = defaults.filter((each) => key === '' || !each.startsWith(key));
  const typed = before.filter((each) => !defaults.includes(each));
  const pairs = [...left, ...typed, pair];
  defaultsAmong.set(pairs, left);
  return pairs;
};
