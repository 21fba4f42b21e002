import { expect, it } from '@jest/globals';
import { vjRendition } from '../../../core/recipes/vj-choice.ts';

it.each([
  { settings: {}, made: 'hap' },
  { settings: { codec: 'hap', quality: 'normal' }, made: 'hap' },
  { settings: { codec: 'hap', quality: 'high' }, made: 'hapq' },
  { settings: { codec: 'hapq' }, made: 'hapq' },
  { settings: { codec: 'hapalpha' }, made: 'hapalpha' },
  { settings: { codec: 'dxv' }, made: 'dxv' },
  { settings: { codec: 'dxv', quality: 'normal' }, made: 'dxv' },
] as const)('makes $made of $settings', ({ settings, made }) => {
  expect(vjRendition(settings)).toBe(made);
});

it.each([
  { settings: { codec: 'dxv', quality: 'high' }, names: /HAP Q.*HAP Alpha.*Resolume Alley/ },
  { settings: { codec: 'hapq', quality: 'normal' }, names: /codec=hap/ },
  { settings: { codec: 'hapalpha', quality: 'high' }, names: /HAP Q Alpha.*codec=hapq/ },
] as const)('refuses $settings and names what there is', ({ settings, names }) => {
  expect(() => vjRendition(settings)).toThrow(names);
});
