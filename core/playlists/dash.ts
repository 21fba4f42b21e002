import {
  endOf,
  type PlayablePicture,
  type PlayableRendition,
  type PlayableSound,
  type PlayableTrack,
  sharedSound,
} from './playable.ts';

/**
 * Returns a DASH manifest (ISO/IEC 23009-1). Its segments are byte ranges of the renditions themselves, in one
 * adaptation set for the pictures and one for the sound.
 */
export function dashManifest(renditions: readonly PlayableRendition[]): string {
  const sound = sharedSound(renditions);
  const pictures = renditions.map(({ picture }) => picture);
  const attributes = [
    'xmlns="urn:mpeg:dash:schema:mpd:2011"',
    'profiles="urn:mpeg:dash:profile:isoff-main:2011"',
    'type="static" minBufferTime="PT2S"',
    `mediaPresentationDuration="PT${endOf(sound ? [...pictures, sound] : pictures).toFixed(3)}S"`,
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<MPD ${attributes.join(' ')}>`,
    '  <Period start="PT0S">',
    `    <AdaptationSet contentType="video" mimeType="video/mp4" segmentAlignment="${aligned(pictures)}" startWithSAP="1">`,
    ...renditions.map(({ name, picture }) => representation(name, pictureAttributes(picture), picture)),
    '    </AdaptationSet>',
    ...(sound ? soundSet(sound) : []),
    '  </Period>',
    '</MPD>',
    '',
  ].join('\n');
}

const TICKS = 1_000_000;

const pictureAttributes = ({ coded, framesPerSecond }: PlayablePicture): string =>
  `width="${coded.width}" height="${coded.height}" frameRate="${Math.round(framesPerSecond * 1000)}/1000"`;

function soundSet(sound: PlayableSound): readonly string[] {
  const language = sound.language === undefined ? '' : ` lang="${sound.language}"`;
  return [
    `    <AdaptationSet contentType="audio" mimeType="audio/mp4"${language} segmentAlignment="true" startWithSAP="1">`,
    '      <Role schemeIdUri="urn:mpeg:dash:role:2011" value="main"/>',
    representation('sound', '', sound),
    '    </AdaptationSet>',
  ];
}

function representation(
  id: string,
  attributes: string,
  { file, init, codecs, peakBits, segments }: PlayableTrack,
): string {
  const ticks = (seconds: number) => Math.round(seconds * TICKS);
  const timeline = segments.map(
    ({ startSeconds: from, durationSeconds: length }) =>
      `            <S t="${ticks(from)}" d="${ticks(from + length) - ticks(from)}"/>`,
  );
  const ranges = segments.map(
    ({ start, end }) => `          <SegmentURL media="${file}" mediaRange="${start}-${end - 1}"/>`,
  );
  const more = attributes === '' ? '' : ` ${attributes}`;
  return [
    `      <Representation id="${id}" codecs="${codecs}" bandwidth="${Math.ceil(peakBits)}"${more}>`,
    `        <SegmentList timescale="${TICKS}">`,
    `          <Initialization sourceURL="${init.path}"/>`,
    '          <SegmentTimeline>',
    ...timeline,
    '          </SegmentTimeline>',
    ...ranges,
    '        </SegmentList>',
    '      </Representation>',
  ].join('\n');
}

/** Returns whether all pictures begin their segments at the same times, to within a frame. */
function aligned(pictures: readonly PlayablePicture[]): boolean {
  const [first, ...rest] = pictures.map(({ segments }) => segments.map(({ startSeconds }) => startSeconds));
  const frame = 1 / Math.max(1, ...pictures.map(({ framesPerSecond }) => framesPerSecond));
  return rest.every(
    (starts) =>
      starts.length === first?.length && starts.every((start, i) => Math.abs(start - (first[i] ?? 0)) <= frame),
  );
}
