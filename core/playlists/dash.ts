import { streamSegments } from '../film/fragments.ts';
import type { PlayableRendition } from './playable.ts';

/** A DASH manifest (ISO/IEC 23009-1) whose segments are byte ranges of the renditions themselves. */
export function dashManifest(renditions: readonly PlayableRendition[]): string {
  const longest = Math.max(...renditions.map(({ durationSeconds }) => durationSeconds));
  const attributes = [
    'xmlns="urn:mpeg:dash:schema:mpd:2011"',
    'profiles="urn:mpeg:dash:profile:isoff-main:2011"',
    'type="static" minBufferTime="PT2S"',
    `mediaPresentationDuration="PT${longest.toFixed(3)}S"`,
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<MPD ${attributes.join(' ')}>`,
    '  <Period start="PT0S">',
    `    <AdaptationSet mimeType="video/mp4" segmentAlignment="${aligned(renditions)}" startWithSAP="1">`,
    ...renditions.map(representation),
    '    </AdaptationSet>',
    '  </Period>',
    '</MPD>',
    '',
  ].join('\n');
}

const TICKS = 1000;

function representation({ name, file, codecs, peakBits, coded, framesPerSecond, map }: PlayableRendition): string {
  const ticks = (seconds: number) => Math.round(seconds * TICKS);
  const segments = streamSegments(map);
  const timeline = segments.map(
    ({ startSeconds: from, durationSeconds: length }) =>
      `          <S t="${ticks(from)}" d="${ticks(from + length) - ticks(from)}"/>`,
  );
  const ranges = segments.map(({ start, end }) => `          <SegmentURL mediaRange="${start}-${end - 1}"/>`);
  return [
    `      <Representation id="${name}" codecs="${codecs}" bandwidth="${Math.ceil(peakBits)}" width="${coded.width}" height="${coded.height}" frameRate="${Math.round(framesPerSecond * 1000)}/1000">`,
    `        <BaseURL>${file}</BaseURL>`,
    `        <SegmentList timescale="${TICKS}">`,
    `          <Initialization range="0-${map.initBytes - 1}"/>`,
    '          <SegmentTimeline>',
    ...timeline.map((line) => `  ${line}`),
    '          </SegmentTimeline>',
    ...ranges,
    '        </SegmentList>',
    '      </Representation>',
  ].join('\n');
}

/** Whether all begin their segments at the same times, to within a frame. */
export function aligned(renditions: readonly PlayableRendition[]): boolean {
  const [first, ...rest] = renditions.map(({ map }) => streamSegments(map).map(({ startSeconds }) => startSeconds));
  const frame = 1 / Math.max(1, ...renditions.map(({ framesPerSecond }) => framesPerSecond));
  return rest.every(
    (starts) =>
      starts.length === first?.length && starts.every((start, i) => Math.abs(start - (first[i] ?? 0)) <= frame),
  );
}
