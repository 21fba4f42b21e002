import { expect, it } from '@jest/globals';
import { SETTINGS } from '../../../../core/settings/settings.ts';
import { settingKind } from '../../../../web/src/add/setting-kind.ts';

it.each([
  { range: 'auto|on|off', kind: { kind: 'choice', values: ['auto', 'on', 'off'] } },
  { range: '1|2|4', kind: { kind: 'choice', values: ['1', '2', '4'] } },
  { range: '10-40', kind: { kind: 'number', low: 10, high: 40 } },
  { range: '0.001-1, as 0.05', kind: { kind: 'number', low: 0.001, high: 1 } },
  { range: '1-600, as 10-60', kind: { kind: 'text' } },
  { range: 'none|auto|W:H:X:Y, even', kind: { kind: 'text' } },
  { range: '16-8192, even', kind: { kind: 'text' } },
])('asks for $range by a $kind.kind', ({ range, kind }) => {
  expect(settingKind(range)).toEqual(kind);
});

it('offers no value in a choice that the setting does not take', () => {
  const wrong = Object.entries(SETTINGS).flatMap(([name, setting]) => {
    const kind = settingKind(setting.range);
    const values = kind.kind === 'choice' ? kind.values : kind.kind === 'number' ? [`${kind.low}`, `${kind.high}`] : [];
    return values.filter((value) => setting.parse(value) === undefined).map((value) => `${name}=${value}`);
  });
  expect(wrong).toEqual([]);
});
