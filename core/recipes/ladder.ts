import type { Recipe } from './recipe.ts';

/** Gives 722x406 at 16:9. Rounded to even sides it is at most 1130 at any aspect ratio, below PREVIEW_LIMIT. */
const PREVIEW_HALF_PERIMETER = 1128;

const stream = { delivery: 'stream', keyframeSeconds: 2 } as const;

/** Streams for every screen. Each rung's parent is the next larger one; `from` says whether the rung is made from it. */
export const ladder = {
  id: 'ladder',
  summary: '4K and 1440p HEVC, 1080p and 722x406 H.264, thumbnails, HLS and DASH playlists; never enlarged',
  renditions: [
    { name: '4k', parent: 'source', codec: 'x265', crf: 23, fit: { shortSide: 2160 }, ...stream },
    { name: '1440p', parent: '4k', codec: 'x265', crf: 24, fit: { shortSide: 1440 }, ...stream },
    { name: 'hd', parent: '1440p', codec: 'x264', crf: 23, fit: { shortSide: 1080 }, ...stream },
    { name: 'sd', parent: 'hd', codec: 'x264', crf: 24, fit: { halfPerimeter: PREVIEW_HALF_PERIMETER }, ...stream },
  ],
  makes: 'rungs',
  codecs: { rungs: ['4k', '1440p', 'hd', 'sd'] },
  settings: [
    'preset',
    'codec',
    'from',
    'segmentSeconds',
    'onDemandBelow',
    'encoder',
    'smallRungFps',
    'audio',
    'subtitles',
    'fps',
    'gaps',
    'deinterlace',
    'damaged',
  ],
  defaults: { preset: 'medium', from: 'source', segmentSeconds: { shortest: 10, longest: 60 }, onDemandBelow: 0 },
  neverLarger: false,
  keepsEdits: true,
  streams: true,
  compute: 'cpu',
  work: 1.8,
} as const satisfies Recipe;
