/** How a setting is asked for, as its range is written: `auto|on|off`, `10-40`, or anything else as text. */
type SettingKind =
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'number'; readonly low: number; readonly high: number }
  | { readonly kind: 'text' };

/** Returns by which kind of field a setting is asked for, by its range as the API writes it. */
export function settingKind(range: string): SettingKind {
  if (/^[a-z0-9-]+(\|[a-z0-9-]+)+$/i.test(range) && !/\|[A-Z]/.test(range))
    return { kind: 'choice', values: range.split('|') };
  const numbers = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)(?:, as [\d.]+)?$/.exec(range);
  if (numbers) return { kind: 'number', low: Number(numbers[1]), high: Number(numbers[2]) };
  return { kind: 'text' };
}
