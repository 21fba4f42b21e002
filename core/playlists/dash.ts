import { rateText } from './frame-rate.ts';
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
 * adaptation set for the pictures of each codec and dynamic range, and one for each sound and each subtitle.
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
    ...pictureSets(renditions),
    ...sounds.flatMap(soundSet),
    ...texts.flatMap(textSet),
    '  </Period>',
    '</MPD>',
    '',
  ].join('\n');
}

const TICKS = 1_000_000;

/**
 * Returns a set for the pictures of each codec and dynamic range, since players decide by sets what they can show (DASH-IF IOP
 * 4.3, 6.2 and 10). If all begin their segments together, each set names the others, to which players may switch.
 */
function pictureSets(renditions: Programme['renditions']): readonly string[] {
  const sets = new Map<string, Programme['renditions'][number][]>();
  for (const each of renditions) {
    const kind = `${each.picture.codecs.split('.')[0]} ${each.picture.range}`;
    sets.set(kind, [...(sets.get(kind) ?? []), each]);
  }
  const ids = [...sets.keys()].map((_, i) => `${i + 1}`);
  const isSwitched = ids.length > 1 && aligned(renditions.map(({ picture }) => picture));
  return [...sets.values()].flatMap((own, i) => {
    const id = ids.length > 1 ? ` id="${ids[i]}"` : '';
    const alignment = `segmentAlignment="${aligned(own.map(({ picture }) => picture))}" startWithSAP="1"`;
    const others = ids.filter((_, other) => other !== i).join();
    return [
      `    <AdaptationSet${id} contentType="video" mimeType="video/mp4" ${alignment}>`,
      ...colourOf(own[0]?.picture.range ?? 'SDR'),
      ...(isSwitched ? [descriptor('SupplementalProperty', SWITCHING, others)] : []),
      ...own.map(({ name, picture }) => representation(name, pictureAttributes(picture), picture)),
      '    </AdaptationSet>',
    ];
  });
}

const SWITCHING = 'urn:mpeg:dash:adaptation-set-switching:2016';

/** What a player must be able to show (ISO/IEC 23091-2): BT.2020 with PQ or HLG. */
function colourOf(range: PlayablePicture['range']): readonly string[] {
  if (range === 'SDR') return [];
  const values = {
    ColourPrimaries: '9',
    TransferCharacteristics: range === 'PQ' ? '16' : '18',
    MatrixCoefficients: '9',
  };
  return Object.entries(values).map(([name, value]) =>
    descriptor('EssentialProperty', `urn:mpeg:mpegB:cicp:${name}`, value),
  );
}

const pictureAttributes = ({ coded, framesPerSecond }: PlayablePicture): string =>
  `width="${coded.width}" height="${coded.height}" frameRate="${rateText(framesPerSecond)}"`;

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
