import type { PlayableSound, PlayableText, TrackPurpose } from './playable.ts';

/** Sounds among which a player chooses one, all with about as many channels. */
export type SoundGroup = { readonly id: string; readonly sounds: readonly PlayableSound[] };

const STEREO = 'sound';
const SURROUND = 'surround';
export const TEXT_GROUP = 'subtitles';

const MOST_STEREO_CHANNELS = 2;

/**
 * Returns the groups of a film's sounds: stereo, which every device plays, and surround where there is any. Both groups have
 * the same sounds, as players expect (RFC 8216 4.3.4.1.1): what has no surround is in stereo in both.
 */
export function soundGroups(sounds: readonly PlayableSound[]): readonly SoundGroup[] {
  const isStereo = ({ channels = MOST_STEREO_CHANNELS }: PlayableSound) => channels <= MOST_STEREO_CHANNELS;
  const surround = sounds.filter((sound) => !isStereo(sound));
  const ofStream = (all: readonly PlayableSound[], { stream }: PlayableSound) =>
    all.find((each) => each.stream === stream);
  const streams = sounds.filter((sound, i) => sounds.findIndex(({ stream }) => stream === sound.stream) === i);
  const stereo = streams.map((sound) => ofStream(sounds.filter(isStereo), sound) ?? sound);
  if (sounds.length === 0) return [];
  if (surround.length === 0) return [{ id: STEREO, sounds: stereo }];
  return [
    { id: STEREO, sounds: stereo },
    { id: SURROUND, sounds: streams.map((sound) => ofStream(surround, sound) ?? ofStream(stereo, sound) ?? sound) },
  ];
}

/** Returns a group's lines of the master playlist. */
export function hlsSounds({ id, sounds }: SoundGroup): readonly string[] {
  const names = namesOf(sounds, 'Sound');
  return sounds.map((sound, i) => {
    const characteristics = sound.describesPicture ? ['CHARACTERISTICS="public.accessibility.describes-video"'] : [];
    return line([
      ...['TYPE=AUDIO', `GROUP-ID="${id}"`, `NAME="${names[i]}"`],
      ...language(sound),
      `DEFAULT=${yesOrNo(sound.isDefault)}`,
      `AUTOSELECT=${yesOrNo(sound.isDefault || !sound.isCommentary)}`,
      ...characteristics,
      ...(sound.channels === undefined ? [] : [`CHANNELS="${sound.channels}"`]),
      `URI="${sound.name}.m3u8"`,
    ]);
  });
}

/** Characteristics of subtitles for people who do not hear (HLS Authoring Specification). */
const FOR_DEAF =
  'CHARACTERISTICS="public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound"';

/** Returns a line of the master playlist for each text (RFC 8216 4.3.4.1). */
export function hlsTexts(texts: readonly PlayableText[]): readonly string[] {
  const names = namesOf(texts, 'Subtitles');
  return texts.map((text, i) =>
    line([
      ...['TYPE=SUBTITLES', `GROUP-ID="${TEXT_GROUP}"`, `NAME="${names[i]}"`],
      ...language(text),
      `DEFAULT=${yesOrNo(text.isDefault)}`,
      `AUTOSELECT=${yesOrNo(text.isDefault || text.isForced || !text.isCommentary)}`,
      ...(text.isForced ? ['FORCED=YES'] : []),
      ...(text.isForDeaf ? [FOR_DEAF] : []),
      `URI="${text.name}.m3u8"`,
    ]),
  );
}

const line = (attributes: readonly string[]) => `#EXT-X-MEDIA:${attributes.join(',')}`;
const yesOrNo = (is: boolean) => (is ? 'YES' : 'NO');
const language = (track: TrackPurpose) => (track.language === undefined ? [] : [`LANGUAGE="${track.language}"`]);

type NamedTrack = TrackPurpose &
  Partial<Pick<PlayableSound, 'describesPicture'> & Pick<PlayableText, 'isForced' | 'isForDeaf'>>;

/** Returns names for people, each once in its group as players require: the language, or `unnamed` for one of no language. Titles inside files may be hostile and are not used. */
function namesOf(tracks: readonly NamedTrack[], unnamed: string): readonly string[] {
  const plain = tracks.map((track) => nameOf(track, unnamed));
  return plain.map((name, i) => {
    const before = plain.slice(0, i).filter((each) => each === name).length;
    return before === 0 ? name : `${name} ${before + 1}`;
  });
}

function nameOf(track: NamedTrack, unnamed: string): string {
  const purposes = [
    track.isCommentary && 'commentary',
    track.describesPicture && 'audio description',
    track.isForced && 'forced',
    track.isForDeaf && 'for the hard of hearing',
  ].filter((each) => typeof each === 'string');
  const name = track.language ?? unnamed;
  return purposes.length > 0 ? `${name} (${purposes.join(', ')})` : name;
}
