import type { Recipe } from './recipe.ts';

/** Clips as graphics cards take them: every frame by itself, a texture ready to be shown. */
export const vj = {
  id: 'vj',
  summary: 'HAP, HAP Q, HAP Alpha or DXV3 for VJ software, PCM sound, in MOV',
  renditions: [
    { name: 'hap', parent: 'source', codec: 'hap', texture: 'hap', delivery: 'stage' },
    { name: 'hapq', parent: 'source', codec: 'hap', texture: 'hap_q', delivery: 'stage' },
    { name: 'hapalpha', parent: 'source', codec: 'hap', texture: 'hap_alpha', delivery: 'stage' },
    { name: 'dxv', parent: 'source', codec: 'dxv', delivery: 'stage' },
  ],
  makes: 'one',
  settings: ['codec', 'quality', 'segmentSeconds', 'damaged'],
  defaults: { codec: 'hap', segmentSeconds: { shortest: 10, longest: 60 } },
  neverLarger: false,
} as const satisfies Recipe;
