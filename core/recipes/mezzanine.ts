import type { Recipe } from './recipe.ts';

/** An intermediate for editing, in which every frame is coded by itself, in 10 bits. */
export const mezzanine = {
  id: 'mezzanine',
  summary: 'ProRes 422 in four sizes, ProRes 4444 with alpha, or all-intra HEVC; 10 bits, flagged, in MOV',
  renditions: [
    { name: 'proxy', parent: 'source', codec: 'prores', profile: 'proxy', delivery: 'edit' },
    { name: 'lt', parent: 'source', codec: 'prores', profile: 'lt', delivery: 'edit' },
    { name: '422', parent: 'source', codec: 'prores', profile: '422', delivery: 'edit' },
    { name: 'hq', parent: 'source', codec: 'prores', profile: 'hq', delivery: 'edit' },
    { name: '4444', parent: 'source', codec: 'prores', profile: '4444', delivery: 'edit' },
    { name: '4444xq', parent: 'source', codec: 'prores', profile: '4444xq', delivery: 'edit' },
    { name: 'hevc-intra', parent: 'source', codec: 'x265-intra', crf: 18, delivery: 'edit' },
  ],
  makes: { oneBy: 'profile' },
  settings: ['profile', 'segmentSeconds', 'encoder', 'deinterlace', 'fps', 'gaps', 'damaged'],
  defaults: { profile: '422', segmentSeconds: { shortest: 10, longest: 60 } },
  neverLarger: false,
  compute: 'cpu',
  work: 1.24,
} as const satisfies Recipe;
