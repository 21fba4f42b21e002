/** The kinds of sources that are recognised by their bytes, each with a name for people and its ffmpeg demuxer. */
export const FAMILIES = {
  mp4: { name: 'MP4 or QuickTime', demuxer: 'mov' },
  matroska: { name: 'Matroska or WebM', demuxer: 'matroska' },
  riff: { name: 'AVI', demuxer: 'avi' },
  ts: { name: 'MPEG-TS', demuxer: 'mpegts' },
  m2ts: { name: 'Blu-ray or AVCHD MPEG-TS', demuxer: 'mpegts' },
  ps: { name: 'MPEG-PS', demuxer: 'mpeg' },
  ogg: { name: 'Ogg', demuxer: 'ogg' },
  flv: { name: 'FLV', demuxer: 'flv' },
  asf: { name: 'ASF (WMV)', demuxer: 'asf' },
  mxf: { name: 'MXF', demuxer: 'mxf' },
  nut: { name: 'NUT', demuxer: 'nut' },
  ivf: { name: 'IVF', demuxer: 'ivf' },
  dv: { name: 'DV', demuxer: 'dv' },
  'raw-av1': { name: 'bare AV1', demuxer: 'obu' },
  'raw-h264': { name: 'bare H.264', demuxer: 'h264' },
  'raw-hevc': { name: 'bare HEVC', demuxer: 'hevc' },
  'raw-mpeg': { name: 'bare MPEG-1 or MPEG-2', demuxer: 'mpegvideo' },
  'raw-y4m': { name: 'YUV4MPEG2', demuxer: 'yuv4mpegpipe' },
} as const satisfies Record<string, { readonly name: string; readonly demuxer: string }>;

export type Family = keyof typeof FAMILIES;
