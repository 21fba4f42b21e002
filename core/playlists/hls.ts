import type { FragmentMap } from '../film/fragments.ts';
import { streamSegments } from '../film/fragments.ts';
import type { PlayableRendition } from './playable.ts';

/** The playlist of one rendition: ranges of the file itself (RFC 8216 4.3.2.2, 4.3.2.5). */
export function hlsMedia(file: string, map: FragmentMap): string {
  const segments = streamSegments(map);
  const longest = Math.max(...segments.map(({ durationSeconds }) => durationSeconds));
  return [
    ...['#EXTM3U', '#EXT-X-VERSION:7', `#EXT-X-TARGETDURATION:${Math.max(1, Math.ceil(longest))}`],
    ...['#EXT-X-MEDIA-SEQUENCE:0', '#EXT-X-PLAYLIST-TYPE:VOD', '#EXT-X-INDEPENDENT-SEGMENTS'],
    `#EXT-X-MAP:URI="${file}",BYTERANGE="${map.initBytes}@0"`,
    ...segments.flatMap(({ start, end, durationSeconds }) => [
      `#EXTINF:${durationSeconds.toFixed(6)},`,
      `#EXT-X-BYTERANGE:${end - start}@${start}`,
      file,
    ]),
    '#EXT-X-ENDLIST',
    '',
  ].join('\n');
}

/** The master playlist, best first as players expect. */
export function hlsMaster(renditions: readonly PlayableRendition[]): string {
  const variants = renditions.flatMap(({ name, codecs, peakBits, averageBits, shown, framesPerSecond }) => [
    `#EXT-X-STREAM-INF:${[
      `BANDWIDTH=${Math.ceil(peakBits)}`,
      `AVERAGE-BANDWIDTH=${Math.ceil(averageBits)}`,
      `CODECS="${codecs}"`,
      `RESOLUTION=${shown.width}x${shown.height}`,
      `FRAME-RATE=${framesPerSecond.toFixed(3)}`,
    ].join(',')}`,
    `${name}.m3u8`,
  ]);
  return ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS', ...variants, ''].join('\n');
}
