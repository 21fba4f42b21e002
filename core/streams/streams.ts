import { type AudioFacts, isMovie, mainVideo, type Probe, type Stream } from '../film/probe.ts';
import { type Container, type Delivery, hasSidecars } from '../settings/delivery.ts';
import { toldOfMissing } from './captions-told.ts';
import { carriedTrack, hintTrack, isTimecode } from './data-tracks.ts';
import { AAC_BITRATE_A_CHANNEL, forEditing, forStreaming, forVj } from './delivered-streams.ts';
import { exactInMp4, hasListedChannels, layoutOf, losslessBits, objectsOf } from './lossless-sound.ts';
import { forMatroska } from './matroska-streams.ts';
import { aside, attachedAside, captions, coverAside, raw, shownName } from './set-aside.ts';
import { CAPTIONS, copied, dropped, type StreamDecision, type StreamPlan, WRITTEN_AGAIN } from './stream-plan.ts';
import { withMarksTold } from './texts-of-marks.ts';
import { chaptersInFile, chapterTrack, forUnusable, leftOutUnusable, mainSound } from './unusable-streams.ts';
import { forWebm } from './webm-streams.ts';

/** What kind of rendition the streams are for. `title` names the picture's codec for people. */
export type StreamsWanted = {
  readonly delivery: Delivery;
  readonly container: Container;
  readonly title: string;
  /** Streams that the settings leave out, and why. */
  readonly leftOut?: ReadonlyMap<number, string>;
};

/** Returns a plan for every stream of the source, in order, dropped streams included. */
export function planStreams(probe: Probe, wanted: StreamsWanted): readonly StreamPlan[] {
  const main = mainVideo(probe);
  const { leftOut = new Map<number, string>() } = wanted;
  const sound = mainSound({ streams: probe.streams.filter(({ index }) => !leftOut.has(index)) });
  return probe.streams.map((stream) => {
    if (stream.index === main?.index) return { stream, ...recoded(stream, wanted) };
    const unwanted = leftOut.get(stream.index);
    if (unwanted !== undefined) return { stream, ...dropped(unwanted) };
    const asked = { ...wanted, isMainSound: stream === sound, isMovie: isMovie(probe) };
    return { stream, ...withMarksTold(stream, wanted.delivery, otherStream(stream, asked)) };
  });
}

function otherStream(
  stream: Stream,
  {
    delivery,
    container,
    isMainSound,
    isMovie: isOfMovie,
  }: StreamsWanted & { readonly isMainSound: boolean; readonly isMovie: boolean },
): StreamDecision {
  const track = () => (isOfMovie ? carriedTrack(stream) : undefined);
  const isKept = delivery === 'archive' || delivery === 'edit';
  if (isUnreadableCover(stream))
    return isKept ? coverAside(stream, UNREADABLE) : dropped(`${UNREADABLE}; it stays in the source`);
  if (isOfChapters(stream))
    return dropped('the pictures of its chapters, which no file made here shows; they stay in the source');
  const hints = isOfMovie ? hintTrack(stream) : undefined;
  if (hints) return hints;
  switch (delivery) {
    case 'archive':
      if (container === 'webm') return forUnusable(stream) ?? forWebm(stream);
      return forUnusable(stream) ?? (container === 'mkv' ? forMatroska(stream) : (track() ?? forMp4(stream)));
    case 'edit':
      return forUnusable(stream) ?? forEditing(stream) ?? track() ?? forMp4(stream);
    case 'live':
      return chapterTrack(stream) ?? leftOutUnusable(stream) ?? forVj(stream);
    case 'stream':
      return chaptersInFile(stream) ?? leftOutUnusable(stream) ?? forStreaming(stream, isMainSound);
    default:
      return delivery satisfies never;
  }
}

const UNREADABLE = 'a cover whose size nobody can tell: it is damaged, or not of the kind that it is called';

/** A cover whose head tells no size is no picture to anybody: no file could hold it as one. */
const isUnreadableCover = ({ type, video, dispositions }: Stream): boolean =>
  type === 'video' && video === undefined && dispositions.includes('attached_pic');

/** Whether the pictures of a track belong to the chapters of an MP4 or MOV, of which ffmpeg gives the first as if it were a cover. */
const isOfChapters = ({ dispositions }: Stream): boolean => dispositions.includes('timed_thumbnails');

/** Captions inside the pictures are read from them, since the encoder does not carry them. */
function recoded({ index, video }: Stream, { title, delivery }: StreamsWanted): StreamDecision {
  const hasCaptions = video?.hasClosedCaptions && hasSidecars(delivery);
  const missing = video?.hasClosedCaptions ? '' : toldOfMissing(video?.namedCaptions ?? []);
  return {
    fate: 'converted',
    why: `re-encoded as ${title}${hasCaptions ? '; its closed captions are in the sidecar, as SubRip' : missing}`,
    codecArgs: ['copy'],
    sidecar: hasCaptions ? { name: `stream-${index}.srt`, format: CAPTIONS } : undefined,
  };
}

const MP4_VIDEO = new Set(['h264', 'hevc', 'av1', 'vp9', 'mpeg4', 'mpeg2video', 'mpeg1video', 'mjpeg']);
const MP4_PICTURE = new Set(['mjpeg', 'png', 'bmp']);
const MP4_AUDIO = new Set(['aac', 'mp3', 'mp2', 'ac3', 'eac3', 'alac', 'opus', 'flac', 'dts']);

function forMp4(stream: Stream): StreamDecision {
  switch (stream.type) {
    case 'video':
      return mp4Video(stream);
    case 'audio':
      return mp4Audio(stream);
    case 'subtitle':
      return mp4Subtitle(stream);
    case 'attachment':
      return attachedAside(stream);
    case 'data':
      return data(stream);
    default:
      return stream.type satisfies never;
  }
}

function mp4Video(stream: Stream): StreamDecision {
  const { codec, video } = stream;
  if (video?.isAttachedPicture && MP4_PICTURE.has(codec)) return copied(`cover art, copied${namelessIn(stream)}`);
  if (!video?.isAttachedPicture && MP4_VIDEO.has(codec)) return copied('a further picture stream, copied as it is');
  if (video?.isAttachedPicture) return coverAside(stream, `MP4 cannot hold a cover in ${codec}`);
  return aside(stream, 'mkv', 'matroska', `MP4 cannot hold ${codec}`);
}

function mp4Audio(stream: Stream): StreamDecision {
  const { codec, audio } = stream;
  if (MP4_AUDIO.has(codec)) return copied();
  const exact = exactInMp4(stream);
  if (exact) {
    const { addition, sidecar } = objectsAside(stream);
    return {
      fate: 'converted',
      why: `MP4 players do not play ${codec}; ${exact.toUpperCase()} holds the same samples${addition}`,
      codecArgs: [exact],
      sidecar,
      isExact: true,
    };
  }
  if (audio && hasListedChannels(audio))
    return aside(stream, 'mka', 'matroska', `ffmpeg converts no sound of channels in the order ${audio.channelLayout}`);
  if (audio && audio.channels > MOST_CHANNELS_IN_AAC && audio.channels !== CHANNELS_OF_HEXADECAGONAL) {
    return aside(stream, 'mka', 'matroska', `MP4 cannot hold ${audio?.channels} channels of ${codec}`);
  }
  return {
    ...aside(stream, 'mka', 'matroska', ''),
    fate: 'converted',
    why: `MP4 cannot hold ${heldAs(stream)}: AAC in the MP4 for playing, the unchanged packets in the sidecar`,
    codecArgs: aacWithItsLayout(audio),
  };
}

/**
 * Returns ffmpeg's arguments for AAC of all channels. Some decoders (Speex) name no layout, and the encoder refuses sound
 * without one, so it gets the usual layout for its number of channels.
 */
function aacWithItsLayout(audio: AudioFacts | undefined): readonly string[] {
  const channels = Math.max(1, Math.min(audio?.channels ?? 2, MOST_CHANNELS_IN_AAC));
  const isUsual = audio !== undefined && audio.channels === channels;
  const layout = isUsual && audio.channelLayout === undefined ? ['-ac', `${channels}`] : [];
  return ['aac', '-b', `${AAC_BITRATE_A_CHANNEL * channels}`, ...layout];
}

/** ffmpeg's AAC encoder takes up to 8 channels, or exactly 16. */
const MOST_CHANNELS_IN_AAC = 8;
const CHANNELS_OF_HEXADECAGONAL = 16;

/** Returns what MP4 cannot hold of a sound: the codec, the channel layout or the depth. */
function heldAs(stream: Stream): string {
  const bits = losslessBits(stream);
  if (bits === undefined || !stream.audio) return stream.codec;
  return bits > 24 ? `${stream.codec} as deep as this` : `${stream.codec} of ${layoutOf(stream.audio)}`;
}

/** Returns a sidecar for sound with objects, since the decoded samples hold its channels only. `addition` ends the plan's sentence. */
function objectsAside(stream: Stream): { readonly addition: string; readonly sidecar: StreamPlan['sidecar'] } {
  const objects = objectsOf(stream);
  if (objects === undefined) return { addition: '', sidecar: undefined };
  const { sidecar } = aside(stream, 'mka', 'matroska', '');
  return { addition: `, and the objects of ${objects} are in the sidecar with the unchanged packets`, sidecar };
}

function mp4Subtitle(stream: Stream): StreamDecision {
  const { codec } = stream;
  if (codec === 'mov_text') return copied();
  if (/^(subrip|srt|webvtt|text)$/.test(codec)) {
    const [name, format] = codec === 'webvtt' ? ['vtt', 'webvtt'] : ['srt', 'srt'];
    return {
      ...aside(stream, name, format, ''),
      fate: 'converted',
      why: `MP4 holds text subtitles as mov_text; the ${codec} itself is in the sidecar`,
      codecArgs: ['mov_text'],
    };
  }
  if (codec === 'eia_608') return captions(stream);
  if (/^(ass|ssa)$/.test(codec)) return aside(stream, 'ass', 'ass', 'MP4 would lose its styles');
  if (codec === 'hdmv_pgs_subtitle') return aside(stream, 'sup', 'sup', 'MP4 cannot hold PGS');
  if (/^(dvd_subtitle|dvb_subtitle|hdmv_text_subtitle)$/.test(codec)) {
    return aside(stream, 'mks', 'matroska', `players do not read ${codec} from MP4`);
  }
  return raw(stream);
}

/** Matroska's covers have names, of which "cover.jpg" only says that it is one; covers elsewhere have none that Matroska would keep. */
function namelessIn({ tags: { filename = '', title = '' } }: Stream): string {
  if (/^(cover\.\w+)?$/i.test(filename) && (title === '' || filename === '')) return '';
  const [name, about] = [filename, title].map(shownName);
  return `; MP4 has no place for its name "${name}"${about ? `, described as "${about}"` : ''}; container=mkv keeps it`;
}

const data = (stream: Stream): StreamDecision => (isTimecode(stream) ? WRITTEN_AGAIN : raw(stream));
