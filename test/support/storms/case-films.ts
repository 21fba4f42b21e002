/** A film of a kind that made trouble (public reports), as arguments of ffmpeg. */
export type CaseFilm = {
  readonly name: string;
  readonly args: readonly string[];
  /** The recipe that it goes through, where not all of them. */
  readonly recipe?: 'preserve' | 'ladder';
};

const picture = (size: string, rate: number | string, seconds: number, filters = '') => [
  ...['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${rate}:duration=${seconds}${filters}`],
];
const sine = (seconds: number) => ['-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`];
const x264 = (...more: readonly string[]) => ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '12', ...more];
const YUV = ['-pix_fmt', 'yuv420p'];
const hdr = (transfer: string) => {
  const tags = `setparams=color_primaries=bt2020:color_trc=${transfer}:colorspace=bt2020nc`;
  const x265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error', '-tag:v', 'hvc1'];
  return [...picture('160x90', 25, 0.4, `,format=yuv420p10le,${tags}`), ...x265];
};

/** The kinds of sources of which AV1 could make something else than HEVC does, each as small as it can be. */
export const CASE_FILMS: readonly CaseFilm[] = [
  { name: 'scale-2500.mp4', args: [...picture('160x90', 25, 0.6), ...x264(...YUV, '-video_track_timescale', '2500')] },
  {
    name: 'scale-10000000.mp4',
    args: [...picture('160x90', 30, 0.6), ...x264(...YUV, '-video_track_timescale', '10000000')],
  },
  {
    name: 'thirds.mp4',
    args: [...picture('160x90', '90000/3003', 0.6), ...x264(...YUV, '-video_track_timescale', '90000')],
  },
  { name: 'theora.ogv', args: [...picture('160x96', 25, 0.6), ...sine(0.6), '-c:v', 'libtheora', '-c:a', 'libvorbis'] },
  {
    name: 'uneven.mkv',
    args: [
      ...picture('160x90', 25, 1, ",select='not(mod(n,3))',setpts='PTS+mod(N,2)*0.013/TB'"),
      '-fps_mode',
      'vfr',
      ...x264(...YUV),
    ],
  },
  { name: 'one-frame.mp4', args: [...picture('160x90', 25, 0.04), ...x264(...YUV)] },
  { name: 'two-frames.mp4', args: [...picture('160x90', 25, 0.08), ...x264(...YUV)] },
  { name: 'fast.mp4', args: [...picture('96x64', 1000, 0.05), ...x264(...YUV)] },
  { name: 'slow.mp4', args: [...picture('96x64', '1/2', 8), ...x264(...YUV)] },
  { name: 'odd.mkv', args: [...picture('162x92', 25, 0.4, ',format=yuv444p,crop=161:91:0:0:exact=1'), '-c:v', 'ffv1'] },
  { name: 'tiny.mkv', args: [...picture('16x16', 25, 0.4), '-c:v', 'ffv1', ...YUV] },
  { name: 'two-by-two.mkv', args: [...picture('32x32', 25, 0.2, ',scale=2:2'), '-c:v', 'ffv1', ...YUV] },
  { name: 'narrow.mkv', args: [...picture('64x512', 25, 0.3), '-c:v', 'ffv1', ...YUV] },
  { name: 'wide.mkv', args: [...picture('512x62', 25, 0.3), '-c:v', 'ffv1', ...YUV] },
  { name: 'shape.mp4', args: [...picture('180x144', 25, 0.4, ',setsar=64/45'), ...x264(...YUV)] },
  { name: 'turned.mp4', args: [...picture('160x90', 25, 0.4), ...x264(...YUV), '-metadata:s:v:0', 'rotate=90'] },
  {
    name: 'fields.mkv',
    args: [
      ...picture('160x96', 50, 0.6, ',tinterlace=interleave_top,setfield=tff'),
      ...x264('-flags', '+ildct+ilme', ...YUV),
    ],
  },
  { name: 'full-range.mp4', args: [...picture('160x90', 25, 0.4), ...x264('-pix_fmt', 'yuvj420p')] },
  { name: 'pq.mp4', args: hdr('smpte2084') },
  { name: 'hlg.mp4', args: hdr('arib-std-b67') },
  { name: 'fine-chroma.mkv', args: [...picture('160x90', 25, 0.4), '-c:v', 'ffv1', '-pix_fmt', 'yuv422p10le'] },
  { name: 'grey.mkv', args: [...picture('160x90', 25, 0.4), '-c:v', 'ffv1', '-pix_fmt', 'gray'] },
  {
    name: 'alpha.mov',
    args: [...picture('160x90', 25, 0.3, ',format=yuva444p10le'), '-c:v', 'prores_ks', '-profile:v', '4'],
  },
  {
    name: 'picture-late.mp4',
    args: ['-itsoffset', '0.3', ...picture('160x90', 25, 0.6), ...sine(1), ...x264(...YUV), '-c:a', 'aac'],
  },
  {
    name: 'sound-late.mkv',
    args: [...picture('160x90', 25, 1), '-itsoffset', '0.2', ...sine(0.7), ...x264(...YUV), '-c:a', 'libopus'],
  },
  { name: 'sound-longer.mp4', args: [...picture('160x90', 25, 0.5), ...sine(1.2), ...x264(...YUV), '-c:a', 'aac'] },
  { name: 'picture-longer.mp4', args: [...picture('160x90', 25, 1.2), ...sine(0.5), ...x264(...YUV), '-c:a', 'aac'] },
  {
    name: 'stream.ts',
    args: [...picture('160x90', 25, 0.8), ...sine(0.8), ...x264(...YUV), '-c:a', 'mp2', '-muxdelay', '0'],
  },
  {
    name: 'surround.mkv',
    args: [
      ...picture('160x90', 25, 0.6),
      '-f',
      'lavfi',
      '-i',
      'aevalsrc=0.1*sin(2765*t)|0.1*sin(3000*t)|0.1*sin(400*t):s=48000:d=0.6:c=2.1',
      ...x264(...YUV),
      '-c:a',
      'pcm_s16le',
    ],
  },
  {
    name: 'many-channels.mov',
    args: [
      ...picture('160x90', 25, 0.4),
      '-f',
      'lavfi',
      '-i',
      'anoisesrc=d=0.4:a=0.1,aformat=channel_layouts=hexadecagonal',
      ...x264(...YUV),
      '-c:a',
      'pcm_s16le',
    ],
  },
  { name: 'float.mkv', args: [...picture('160x90', 25, 0.6), ...sine(0.6), ...x264(...YUV), '-c:a', 'pcm_f32le'] },
  {
    name: 'telephone.avi',
    args: [
      ...picture('160x90', 25, 0.6),
      '-f',
      'lavfi',
      '-i',
      'anoisesrc=d=0.6:a=0.1:r=8000',
      '-c:v',
      'mpeg4',
      ...YUV,
      '-c:a',
      'pcm_mulaw',
    ],
  },
  { name: 'animated.gif', args: [...picture('160x90', 10, 0.6)], recipe: 'preserve' },
  {
    name: 'coded.webm',
    args: [
      ...picture('160x90', 25, 0.5),
      ...sine(0.5),
      '-c:v',
      'libvpx-vp9',
      '-deadline',
      'realtime',
      '-cpu-used',
      '8',
      '-c:a',
      'libvorbis',
    ],
  },
];
