import type { Stream } from '../film/probe.ts';
import { lostObjects, pcmFor } from './lossless-sound.ts';
import type { Decision } from './stream-plan.ts';

const COPIED: Decision = { fate: 'kept', why: 'its packets are copied', codecArgs: ['copy'], sidecar: undefined };

const MOV_AUDIO = /^(pcm_(s16|s24|s32|f32|f64)(le|be)|pcm_(u8|s8|alaw|mulaw)|aac|alac|mp3|ac3|eac3)$/;

/** Sound that MOV holds is copied, other sound becomes PCM; undefined where MP4's rules hold as well. */
export function forEditing(stream: Stream): Decision | undefined {
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

/** VJ software plays picture and PCM. */
export function forStage(stream: Stream): Decision {
  if (stream.type !== 'audio') return dropped('VJ software reads picture and sound alone; it stays in the source');
  if (/^pcm_(s16|s24)(le|be)$/.test(stream.codec)) return COPIED;
  return pcm(stream, 'VJ software wants PCM');
}

const AAC_BITRATE_A_CHANNEL = 96_000;

/** One sound, in AAC: players of streams choose by file, not by track. */
export function forStream(stream: Stream, isMainSound: boolean): Decision {
  if (stream.type !== 'audio') return dropped('streams carry one picture and one sound; it stays in the source');
  if (!isMainSound)
    return dropped('streams carry one sound, the default or else the first that decodes; it stays in the source');
  if (stream.codec === 'aac') return COPIED;
  const channels = Math.max(1, Math.min(stream.audio?.channels ?? 2, 6));
  return {
    fate: 'converted',
    why: `every browser plays AAC, not all play ${stream.codec}${lostObjects(stream)}`,
    codecArgs: ['aac', '-b', `${AAC_BITRATE_A_CHANNEL * channels}`, '-ac', `${channels}`],
    sidecar: undefined,
  };
}

/** 16 bits, 24 where the source has more. */
function pcm(stream: Stream, reason: string): Decision {
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

const dropped = (why: string): Decision => ({ fate: 'dropped', why, codecArgs: undefined, sidecar: undefined });
