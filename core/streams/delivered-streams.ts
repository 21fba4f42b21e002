import type { Stream } from '../film/probe.ts';
import { lostObjects, pcmFor } from './lossless-sound.ts';
import { dropped, type StreamDecision } from './stream-plan.ts';

/** The bit rate of AAC for each channel. */
export const AAC_BITRATE_A_CHANNEL = 96_000;

const COPIED: StreamDecision = { fate: 'kept', why: 'its packets are copied', codecArgs: ['copy'], sidecar: undefined };

const MOV_AUDIO = /^(pcm_(s16|s24|s32|f32|f64)(le|be)|pcm_(u8|s8|alaw|mulaw)|aac|alac|mp3|ac3|eac3)$/;

/** Decides a stream of a mezzanine: MOV's sound is copied, other sound becomes PCM. Returns undefined where MP4's rules apply. */
export function forEditing(stream: Stream): StreamDecision | undefined {
  if (stream.type === 'audio') {
    if (MOV_AUDIO.test(stream.codec)) return COPIED;
    return pcm(stream, `editors do not read ${stream.codec} from MOV`);
  }
  if (stream.type === 'video' && stream.video?.isAttachedPicture) {
    const name = `stream-${stream.index}.mkv`;
    return {
      fate: 'kept',
      why: 'cover art: in the sidecar',
      codecArgs: undefined,
      sidecar: { name, format: 'matroska' },
    };
  }
  return undefined;
}

/** Decides a stream of a VJ clip: sound becomes PCM, other streams are dropped. */
export function forVj(stream: Stream): StreamDecision {
  if (stream.type !== 'audio') return dropped('VJ software reads picture and sound alone; it stays in the source');
  if (/^pcm_(s16|s24)(le|be)$/.test(stream.codec)) return COPIED;
  return pcm(stream, 'VJ software wants PCM');
}

/** Sound inside a streaming rendition has at most two channels, since every device plays stereo. */
export const MOST_RUNG_CHANNELS = 2;

/**
 * Decides a stream of a streaming rendition: one sound in AAC. Streaming players choose by file and not by track, so other
 * sounds and subtitles get files of their own, which are made after the renditions.
 */
export function forStreaming(stream: Stream, isMainSound: boolean): StreamDecision {
  if (stream.codec === 'wvtt')
    return dropped('the text in wvtt is not read for streams; preserve keeps it, and it stays in the source');
  if (stream.type !== 'audio') return dropped('streams carry one picture and one sound; it stays in the source');
  if (!isMainSound)
    return dropped('streams carry one sound, the default or else the first that decodes; it stays in the source');
  const { channels = MOST_RUNG_CHANNELS } = stream.audio ?? {};
  if (stream.codec === 'aac' && channels <= MOST_RUNG_CHANNELS) return COPIED;
  const reason = stream.codec === 'aac' ? 'AAC' : `every browser plays AAC, not all play ${stream.codec}`;
  const mixed = channels > MOST_RUNG_CHANNELS ? `; its ${channels} channels are mixed into ${MOST_RUNG_CHANNELS}` : '';
  return {
    fate: 'converted',
    why: `${reason}${mixed}${lostObjects(stream)}`,
    codecArgs: aacArgs(stream, MOST_RUNG_CHANNELS),
    sidecar: undefined,
  };
}

/** Returns how many channels of a sound are streamed. */
export const channelsInStream = ({ audio }: Stream, most = MOST_STREAMED_CHANNELS): number =>
  Math.max(1, Math.min(audio?.channels ?? 2, most, MOST_STREAMED_CHANNELS));

/** Browsers play up to 5.1. */
const MOST_STREAMED_CHANNELS = 6;

/** Returns ffmpeg's arguments for AAC of up to six channels, or of fewer. */
export function aacArgs(stream: Stream, most = MOST_STREAMED_CHANNELS): readonly string[] {
  const channels = channelsInStream(stream, most);
  return ['aac', '-b', `${AAC_BITRATE_A_CHANNEL * channels}`, '-ac', `${channels}`];
}

/** Returns PCM of 16 bits, or of 24 bits where the source has more. */
function pcm(stream: Stream, reason: string): StreamDecision {
  const { encoder, isExact, loses } = pcmFor(stream);
  const how = isExact ? '; PCM holds the same samples' : loses;
  return {
    fate: 'converted',
    why: `${reason}${how}${lostObjects(stream)}`,
    codecArgs: [encoder],
    sidecar: undefined,
    ...(isExact && { isExact }),
  };
}
