import type { Recipe } from './recipe.ts';

const whole = { codec: 'x265', delivery: 'archive' } as const;

/** 360° films. Rungs have the usual names of their widths; a sphere is 2:1, and square with one eye above the other. */
export const sphere = {
  id: 'sphere',
  summary: '360° equirectangular: 8K, 4K and 1440p HEVC, spherical metadata and spatial sound kept; never enlarged',
  renditions: [
    { ...whole, name: '8k', parent: 'source', crf: 23, fit: { width: 7680 } },
    { ...whole, name: '4k', parent: '8k', crf: 23, fit: { width: 3840 } },
    { ...whole, name: '1440p', parent: '4k', crf: 24, fit: { width: 2560 } },
  ],
  makes: 'rungs',
  settings: [
    'preset',
    'codec',
    'grain',
    'from',
    'segmentSeconds',
    'onDemandBelow',
    'audio',
    'subtitles',
    'gpx',
    'deinterlace',
    'damaged',
    'projection',
    'keepSource',
  ],
  defaults: { preset: 'medium', from: 'source', segmentSeconds: { shortest: 5, longest: 10 }, onDemandBelow: 0 },
  neverLarger: false,
  keepsEdits: true,
  spheres: true,
  compute: 'cpu',
  work: 1.4,
} as const satisfies Recipe;
