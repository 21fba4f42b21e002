import type { StreamSegment } from '../film/fragments.ts';
import { targetSeconds } from './bit-rates.ts';
import { hlsSounds, hlsTexts, type SoundGroup, soundGroups, TEXT_GROUP } from './hls-media.ts';
import { endOf, type PlayablePicture, type PlayableTrack, type Programme } from './playable.ts';

/** Returns the media playlist of one track: byte ranges of the rendition's file (RFC 8216 4.3.2.2, 4.3.2.5). */
export function hlsMedia({ file, init, segments }: PlayableTrack): string {
  return [
    ...mediaPlaylistHead(segments),
    '#EXT-X-INDEPENDENT-SEGMENTS',
    mapOf(init),
    ...segments.flatMap(({ start, end, durationSeconds }) => [
      `#EXTINF:${durationSeconds.toFixed(6)},`,
      `#EXT-X-BYTERANGE:${end - start}@${start}`,
      file,
    ]),
    '#EXT-X-ENDLIST',
    '',
  ].join('\n');
}

const mapOf = ({ path, bytes }: PlayableTrack['init']) =>
  `#EXT-X-MAP:URI="${path}"${bytes === undefined ? '' : `,BYTERANGE="${bytes}@0"`}`;

/**
 * Returns the playlist of a picture's keyframes, which players show while they seek (RFC 8216 4.3.3.6): the first
 * fragment of each segment, which begins with its keyframe.
 */
export function hlsKeyframes({ file, init, segments, firstFragments }: PlayablePicture): string {
  return [
    ...mediaPlaylistHead(segments),
    '#EXT-X-I-FRAMES-ONLY',
    mapOf(init),
    ...segments.flatMap(({ durationSeconds }, i) => {
      const { start, end } = firstFragments[i] ?? { start: 0, end: 0 };
      return [`#EXTINF:${durationSeconds.toFixed(6)},`, `#EXT-X-BYTERANGE:${end - start}@${start}`, file];
    }),
    '#EXT-X-ENDLIST',
    '',
  ].join('\n');
}

/** Returns the media playlist of subtitles: one WebVTT file that lasts as long as the film (RFC 8216 3.5). */
export function hlsText(file: string, { renditions, sounds }: Programme): string {
  const seconds = endOf([...renditions.map(({ picture }) => picture), ...sounds]);
  const whole = [{ start: 0, end: 0, startSeconds: 0, durationSeconds: seconds }];
  return [...mediaPlaylistHead(whole), `#EXTINF:${seconds.toFixed(6)},`, file, '#EXT-X-ENDLIST', ''].join('\n');
}

const mediaPlaylistHead = (segments: readonly StreamSegment[]): readonly string[] => [
  '#EXTM3U',
  '#EXT-X-VERSION:7',
  `#EXT-X-TARGETDURATION:${targetSeconds(segments)}`,
  '#EXT-X-MEDIA-SEQUENCE:0',
  '#EXT-X-PLAYLIST-TYPE:VOD',
];

/** Returns the file names of a rendition's playlists, which lie beside its file. */
export const hlsNames = (name: string) => ({ picture: `${name}.m3u8`, keyframes: `${name}.keyframes.m3u8` });

/** Returns the file name of the playlist of a sound or of subtitles. */
export const hlsName = ({ name }: { readonly name: string }): string => `${name}.m3u8`;

/**
 * Returns the master playlist, the best rendition first as players expect. All pictures share the sounds: each rendition is
 * there once for each group of sounds, the stereo group first.
 */
export function hlsMaster(programme: Programme): string {
  const { renditions, texts } = programme;
  const groups = soundGroups(programme.sounds);
  const perGroup = groups.length > 0 ? groups : [undefined];
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
    ...groups.flatMap(hlsSounds),
    ...hlsTexts(texts),
    ...perGroup.flatMap((group) => renditions.flatMap((rendition) => variant(rendition, group, texts.length > 0))),
    ...keyframes,
    '',
  ].join('\n');
}

/** The bit rates of a variant are those of its picture and of the sound in its group that needs most. */
function variant(
  { name, picture }: Programme['renditions'][number],
  group: SoundGroup | undefined,
  hasTexts: boolean,
): readonly string[] {
  const sounds = group?.sounds ?? [];
  const most = (bits: 'peakBits' | 'averageBits') => Math.max(0, ...sounds.map((sound) => sound[bits]));
  const codecs = [...new Set([picture.codecs, ...sounds.map((sound) => sound.codecs)])];
  const attributes = [
    `BANDWIDTH=${Math.ceil(picture.peakBits + most('peakBits'))}`,
    `AVERAGE-BANDWIDTH=${Math.ceil(picture.averageBits + most('averageBits'))}`,
    `CODECS="${codecs.join(',')}"`,
    ...pictureAttributes(picture),
    `FRAME-RATE=${picture.framesPerSecond.toFixed(3)}`,
    ...(group ? [`AUDIO="${group.id}"`] : []),
    ...(hasTexts ? [`SUBTITLES="${TEXT_GROUP}"`] : []),
  ];
  return [`#EXT-X-STREAM-INF:${attributes.join(',')}`, hlsNames(name).picture];
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
