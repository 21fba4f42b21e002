import { usage } from '../../core/errors.ts';
import type { RawSettings } from '../../core/settings/settings.ts';

/** Returns the settings of all `--set` options. Throws `usage` for one without `=`, and for one that is given twice. */
export function settingsArgument(pairs: readonly string[]): RawSettings {
  const settings = new Map<string, string>(); // not an object yet: a name may be __proto__
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals < 1) throw usage(`--set ${JSON.stringify(pair)} is not a setting; write it as --set crf=25`);
    const name = pair.slice(0, equals);
    if (settings.has(name)) throw usage(`--set ${name} is given twice`);
    settings.set(name, pair.slice(equals + 1));
  }
  return Object.fromEntries(settings);
}
