import type { Recipe } from './recipe.ts';

/** Clips for VJ software: every frame is coded by itself, as a texture that a graphics card shows. */
export const vj = {
  id: 'vj',
  summary: 'HAP, HAP Q, HAP Alpha, HAP Q Alpha or DXV3 for VJ software, PCM sound, in MOV',
  renditions: [
    { name: 'hap', parent: 'source', codec: 'hap', texture: 'hap', delivery: 'live' },
    { name: 'hapq', parent: 'source', codec: 'hap', texture: 'hap_q', delivery: 'live' },
    { name: 'hapalpha', parent: 'source', codec: 'hap', texture: 'hap_alpha', delivery: 'live' },
    { name: 'hapqa', parent: 'source', codec: 'hap', texture: 'hap_q_alpha', delivery: 'live' },
    { name: 'dxv', parent: 'source', codec: 'dxv', delivery: 'live' },
  ],
  // FFmpeg writes no DXV but DXT1, so the refusal names what can hold more
  makes: {
    oneBy: 'codec',
    otherwise: {
      hap: { high: { make: 'hapq' } },
      hapq: { normal: { refuse: 'codec=hapq is the high quality of HAP; take codec=hap for the normal one' } },
      hapalpha: { high: { make: 'hapqa' } },
      hapqa: {
        normal: { refuse: 'codec=hapqa is the high quality of HAP Alpha; take codec=hapalpha for the normal one' },
      },
      dxv: {
        high: {
          refuse:
            "FFmpeg's DXV is DXT1, the normal quality without alpha; for more, take codec=hapq (HAP Q) or codec=hapalpha (HAP Alpha), or make DXV in Resolume Alley",
        },
      },
    },
  },
  codecs: { textures: ['hap', 'hapq', 'hapalpha', 'hapqa', 'dxv'] },
  settings: ['codec', 'quality', 'chunks', 'segmentSeconds', 'deinterlace', 'fps', 'gaps', 'damaged'],
  defaults: { codec: 'hap', segmentSeconds: { shortest: 10, longest: 60 } },
  neverLarger: false,
  compute: 'cpu',
  work: 0.33,
} as const satisfies Recipe;
