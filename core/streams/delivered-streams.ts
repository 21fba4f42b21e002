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

/** Decides a stream of a streaming rendition: one sound in AAC, since streaming players choose by file and not by track. */
export function forStreaming(stream: Stream, isMainSound: boolean): StreamDecision {
  if (stream.type !== 'audio') return dropped('streams carry one picture and one sound; it stays in the source');
  if (!isMainSound)
    return dropped('streams carry one sound, the default or else the first that decodes; it stays in the source');
  if (stream.codec === 'aac') return COPIED;
  return {
    fate: 'converted',
    why: `every browser plays AAC, not all play ${stream.codec}${lostObjects(stream)}`,
    codecArgs: aacArgs(stream),
    sidecar: undefined,
  };
}

/** Returns ffmpeg's arguments for AAC of up to six channels. */
export function aacArgs({ audio }: Stream): readonly string[] {
  const channels = Math.max(1, Math.min(audio?.channels ?? 2, 6));
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
