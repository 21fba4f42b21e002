import { expect, it } from '@jest/globals';
import { candidates } from '../../../core/recipes/renditions.ts';
import { type RawSettings, resolveSettings } from '../../../core/recipes/settings.ts';
import { vj } from '../../../core/recipes/vj.ts';

const made = (settings: RawSettings) => candidates(vj, resolveSettings(vj, settings)).map(({ name }) => name);

it.each([
  { settings: {}, made: 'hap' },
  { settings: { codec: 'hap', quality: 'normal' }, made: 'hap' },
  { settings: { codec: 'hap', quality: 'high' }, made: 'hapq' },
  { settings: { codec: 'hapq' }, made: 'hapq' },
  { settings: { codec: 'hapalpha' }, made: 'hapalpha' },
  { settings: { codec: 'dxv' }, made: 'dxv' },
  { settings: { codec: 'dxv', quality: 'normal' }, made: 'dxv' },
] as const)('makes $made of $settings', ({ settings, made: name }) => {
  expect(made(settings)).toEqual([name]);
});

it.each([
  { settings: { codec: 'dxv', quality: 'high' }, names: /HAP Q.*HAP Alpha.*Resolume Alley/ },
  { settings: { codec: 'hapq', quality: 'normal' }, names: /codec=hap/ },
  { settings: { codec: 'hapalpha', quality: 'high' }, names: /HAP Q Alpha.*codec=hapq/ },
] as const)('refuses $settings and names what there is', ({ settings, names }) => {
  expect(() => made(settings)).toThrow(names);
});
