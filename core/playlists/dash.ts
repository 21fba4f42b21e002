import {
  endOf,
  type PlayablePicture,
  type PlayableSound,
  type PlayableText,
  type PlayableTrack,
  type Programme,
  type TrackPurpose,
} from './playable.ts';

/**
 * Returns a DASH manifest (ISO/IEC 23009-1). Its segments are byte ranges of the renditions themselves, in one
 * adaptation set for the pictures and one for each sound and each subtitle.
 */
export function dashManifest({ renditions, sounds, texts }: Programme): string {
  const pictures = renditions.map(({ picture }) => picture);
  const attributes = [
    'xmlns="urn:mpeg:dash:schema:mpd:2011"',
    'profiles="urn:mpeg:dash:profile:isoff-main:2011"',
    'type="static" minBufferTime="PT2S"',
    `mediaPresentationDuration="PT${endOf([...pictures, ...sounds]).toFixed(3)}S"`,
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<MPD ${attributes.join(' ')}>`,
    '  <Period start="PT0S">',
    `    <AdaptationSet contentType="video" mimeType="video/mp4" segmentAlignment="${aligned(pictures)}" startWithSAP="1">`,
    ...renditions.map(({ name, picture }) => representation(name, pictureAttributes(picture), picture)),
    '    </AdaptationSet>',
    ...sounds.flatMap(soundSet),
    ...texts.flatMap(textSet),
    '  </Period>',
    '</MPD>',
    '',
  ].join('\n');
}

const TICKS = 1_000_000;

const pictureAttributes = ({ coded, framesPerSecond }: PlayablePicture): string =>
  `width="${coded.width}" height="${coded.height}" frameRate="${Math.round(framesPerSecond * 1000)}/1000"`;

const CHANNELS = 'urn:mpeg:mpegB:cicp:ChannelConfiguration';

/** A player without a wish of its own takes the set with the highest `selectionPriority`. */
function soundSet(sound: PlayableSound): readonly string[] {
  const { channels, isDefault } = sound;
  const priority = isDefault && (channels ?? 2) <= 2 ? ' selectionPriority="2"' : '';
  const set = `contentType="audio" mimeType="audio/mp4"${language(sound)} segmentAlignment="true" startWithSAP="1"`;
  return [
    `    <AdaptationSet ${set}${priority}>`,
    ...(sound.describesPicture ? [descriptor('Accessibility', 'urn:tva:metadata:cs:AudioPurposeCS:2007', '1')] : []),
    descriptor('Role', ROLES, soundRole(sound)),
    representation(sound.name, '', sound, channels),
    '    </AdaptationSet>',
  ];
}

const ROLES = 'urn:mpeg:dash:role:2011';

function soundRole({ isDefault, isCommentary, describesPicture }: PlayableSound): string {
  if (isDefault) return 'main';
  if (isCommentary) return 'commentary';
  return describesPicture ? 'description' : 'alternate';
}

function textSet(text: PlayableText): readonly string[] {
  const roles = [
    text.isForced ? 'forced-subtitle' : text.isForDeaf ? 'caption' : 'subtitle',
    ...(text.isDefault ? ['main'] : []),
  ];
  return [
    `    <AdaptationSet contentType="text" mimeType="text/vtt"${language(text)}>`,
    ...roles.map((role) => descriptor('Role', ROLES, role)),
    `      <Representation id="${text.name}" bandwidth="1000">`,
    `        <BaseURL>${text.file}</BaseURL>`,
    '      </Representation>',
    '    </AdaptationSet>',
  ];
}

const language = (track: TrackPurpose) => (track.language === undefined ? '' : ` lang="${track.language}"`);

const descriptor = (name: string, scheme: string, value: string) =>
  `      <${name} schemeIdUri="${scheme}" value="${value}"/>`;

function representation(id: string, attributes: string, track: PlayableTrack, channels?: number): string {
  const { file, init, codecs, peakBits, segments } = track;
  const ticks = (seconds: number) => Math.round(seconds * TICKS);
  const timeline = segments.map(
    ({ startSeconds: from, durationSeconds: length }) =>
      `            <S t="${ticks(from)}" d="${ticks(from + length) - ticks(from)}"/>`,
  );
  const ranges = segments.map(
    ({ start, end }) => `          <SegmentURL media="${file}" mediaRange="${start}-${end - 1}"/>`,
  );
  const more = attributes === '' ? '' : ` ${attributes}`;
  const header = init.bytes === undefined ? '' : ` range="0-${init.bytes - 1}"`;
  return [
    `      <Representation id="${id}" codecs="${codecs}" bandwidth="${Math.ceil(peakBits)}"${more}>`,
    ...(channels === undefined ? [] : [`  ${descriptor('AudioChannelConfiguration', CHANNELS, `${channels}`)}`]),
    `        <SegmentList timescale="${TICKS}">`,
    `          <Initialization sourceURL="${init.path}"${header}/>`,
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
