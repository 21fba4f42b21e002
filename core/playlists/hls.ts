import { type PlayablePicture, type PlayableRendition, type PlayableTrack, sharedSound } from './playable.ts';

const SOUND = 'sound';

/** Returns the media playlist of one track: byte ranges of the rendition's file (RFC 8216 4.3.2.2, 4.3.2.5). */
export function hlsMedia({ file, init, segments }: PlayableTrack): string {
  return [
    ...mediaPlaylistHead(segments),
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-MAP:URI="${init.path}"`,
    ...segments.flatMap(({ start, end, durationSeconds }) => [
      `#EXTINF:${durationSeconds.toFixed(6)},`,
      `#EXT-X-BYTERANGE:${end - start}@${start}`,
      file,
    ]),
    '#EXT-X-ENDLIST',
    '',
  ].join('\n');
}

/**
 * Returns the playlist of a picture's keyframes, which players show while they seek (RFC 8216 4.3.3.6): the first
 * fragment of each segment, which begins with its keyframe.
 */
export function hlsKeyframes({ file, init, segments, firstFragments }: PlayablePicture): string {
  return [
    ...mediaPlaylistHead(segments),
    '#EXT-X-I-FRAMES-ONLY',
    `#EXT-X-MAP:URI="${init.path}"`,
    ...segments.flatMap(({ durationSeconds }, i) => {
      const { start, end } = firstFragments[i] ?? { start: 0, end: 0 };
      return [`#EXTINF:${durationSeconds.toFixed(6)},`, `#EXT-X-BYTERANGE:${end - start}@${start}`, file];
    }),
    '#EXT-X-ENDLIST',
    '',
  ].join('\n');
}

function mediaPlaylistHead(segments: PlayableTrack['segments']): readonly string[] {
  const longest = Math.max(...segments.map(({ durationSeconds }) => durationSeconds));
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${Math.max(1, Math.round(longest))}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    '#EXT-X-PLAYLIST-TYPE:VOD',
  ];
}

/** Returns the file names of a rendition's playlists, which lie beside its file. */
export const hlsNames = (name: string) => ({ picture: `${name}.m3u8`, keyframes: `${name}.keyframes.m3u8` });
export const HLS_SOUND = 'sound.m3u8';

/** Returns the master playlist, the best rendition first as players expect. All pictures share one sound. */
export function hlsMaster(renditions: readonly PlayableRendition[]): string {
  const sound = sharedSound(renditions);
  const media = sound && [
    ['TYPE=AUDIO', `GROUP-ID="${SOUND}"`, `NAME="${sound.language ?? SOUND}"`],
    sound.language === undefined ? [] : [`LANGUAGE="${sound.language}"`],
    ['DEFAULT=YES', 'AUTOSELECT=YES'],
    sound.channels === undefined ? [] : [`CHANNELS="${sound.channels}"`],
    [`URI="${HLS_SOUND}"`],
  ];
  const variants = renditions.flatMap(({ name, picture }) => [
    `#EXT-X-STREAM-INF:${[
      `BANDWIDTH=${Math.ceil(picture.peakBits + (sound?.peakBits ?? 0))}`,
      `AVERAGE-BANDWIDTH=${Math.ceil(picture.averageBits + (sound?.averageBits ?? 0))}`,
      `CODECS="${[picture.codecs, sound?.codecs].filter(Boolean).join(',')}"`,
      ...pictureAttributes(picture),
      `FRAME-RATE=${picture.framesPerSecond.toFixed(3)}`,
      ...(sound ? [`AUDIO="${SOUND}"`] : []),
    ].join(',')}`,
    hlsNames(name).picture,
  ]);
  const keyframes = renditions.map(({ name, picture }) => {
    const attributes = [
      `BANDWIDTH=${Math.ceil(keyframeBits(picture))}`,
      `CODECS="${picture.codecs}"`,
      ...pictureAttributes(picture),
    ];
    return `#EXT-X-I-FRAME-STREAM-INF:${attributes.join(',')},URI="${hlsNames(name).keyframes}"`;
  });
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...(media ? [`#EXT-X-MEDIA:${media.flat().join(',')}`] : []),
    ...variants,
    ...keyframes,
    '',
  ].join('\n');
}

const pictureAttributes = ({ shown, range }: PlayablePicture) => [
  `RESOLUTION=${shown.width}x${shown.height}`,
  `VIDEO-RANGE=${range}`,
];

/** Returns the bit rate of the keyframes in the segment where it is highest. */
const keyframeBits = ({ segments, firstFragments }: PlayablePicture): number =>
  Math.max(
    ...segments.map(({ durationSeconds }, i) => {
      const { start, end } = firstFragments[i] ?? { start: 0, end: 0 };
      return (8 * (end - start)) / (durationSeconds || 1);
    }),
  );
