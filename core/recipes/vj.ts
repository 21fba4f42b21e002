import type { Recipe } from './recipe.ts';

/** Clips for VJ software: every frame is coded by itself, as a texture that a graphics card shows. */
export const vj = {
  id: 'vj',
  summary: 'HAP, HAP Q, HAP Alpha or DXV3 for VJ software, PCM sound, in MOV',
  renditions: [
    { name: 'hap', parent: 'source', codec: 'hap', texture: 'hap', delivery: 'vj' },
    { name: 'hapq', parent: 'source', codec: 'hap', texture: 'hap_q', delivery: 'vj' },
    { name: 'hapalpha', parent: 'source', codec: 'hap', texture: 'hap_alpha', delivery: 'vj' },
    { name: 'dxv', parent: 'source', codec: 'dxv', delivery: 'vj' },
  ],
  // FFmpeg writes no DXV but DXT1, and no HAP Q Alpha, so the refusals name what can hold more
  makes: {
    oneBy: 'codec',
    otherwise: {
      hap: { high: { make: 'hapq' } },
      hapq: { normal: { refuse: 'codec=hapq is the high quality of HAP; take codec=hap for the normal one' } },
      hapalpha: {
        high: {
          refuse:
            'HAP Alpha has one quality (ffmpeg writes no HAP Q Alpha); leave quality out, or take codec=hapq without alpha',
        },
      },
      dxv: {
        high: {
          refuse:
            "FFmpeg's DXV is DXT1, the normal quality without alpha; for more, take codec=hapq (HAP Q) or codec=hapalpha (HAP Alpha), or make DXV in Resolume Alley",
        },
      },
    },
  },
  settings: ['codec', 'quality', 'segmentSeconds', 'damaged'],
  defaults: { codec: 'hap', segmentSeconds: { shortest: 10, longest: 60 } },
  neverLarger: false,
  compute: 'cpu',
  work: 0.33,
} as const satisfies Recipe;
