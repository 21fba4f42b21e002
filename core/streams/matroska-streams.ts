import { isPcm, type Stream } from '../film/probe.ts';
import { losslessBits } from './lossless-sound.ts';
import { captions, raw } from './set-aside.ts';
import { copied, type StreamDecision, WRITTEN_AGAIN } from './stream-plan.ts';

/** Matroska counts the channels of a sound and does not name them; codecs other than PCM mostly do that themselves. */
function namelessChannels(stream: Stream): string {
  const { channels = 0, channelLayout } = stream.audio ?? {};
  const isTold = isPcm(stream) && channels > 2 && channelLayout !== undefined;
  return isTold
    ? `; Matroska does not say which of its channels is which (${channelLayout}), and container=mp4 keeps it`
    : '';
}

/** PCM that Matroska holds: integers of 16 bits and more in both orders of bytes, 8 bits without a sign, floats with the lowest byte first. */
const PCM_OF_MKV = /^pcm_(u8|alaw|mulaw|s(16|24|32|64)(le|be)|f(32|64)le)$/;
const isPcmOutsideMkv = (codec: string): boolean => /^(pcm_|s302m)/.test(codec) && !PCM_OF_MKV.test(codec);

/** PCM that lies otherwise in its packets, as PCM of the same samples. */
function pcmOfMkv(stream: Stream): StreamDecision {
  const bits = losslessBits(stream) ?? 24;
  const floats = /^pcm_f64/.test(stream.codec) ? 'pcm_f64le' : 'pcm_f32le';
  const integers = bits <= 16 ? 'pcm_s16le' : bits <= 24 ? 'pcm_s24le' : 'pcm_s32le';
  const encoder = bits === 64 ? floats : integers;
  return {
    fate: 'converted',
    why: `Matroska cannot hold ${stream.codec}; ${encoder} holds the same samples${namelessChannels(stream)}`,
    codecArgs: [encoder],
    sidecar: undefined,
    isExact: true,
  };
}

const NOT_IN_MKV = /^(dvb_teletext|unknown|none)$/;

/** Decides a stream of an archive in Matroska, which holds nearly all as it is. */
export function forMatroska(stream: Stream): StreamDecision {
  const { type, codec } = stream;
  if (codec === 'eia_608') return captions(stream);
  if (type === 'attachment' || stream.video?.isAttachedPicture) return copied('an attachment, copied');
  if (type === 'data') return codec === 'tmcd' ? WRITTEN_AGAIN : raw(stream, 'Matroska');
  if (codec === 'mov_text') {
    return { fate: 'converted', why: 'Matroska holds mov_text as SRT', codecArgs: ['srt'], sidecar: undefined };
  }
  if (isPcmOutsideMkv(codec)) return pcmOfMkv(stream);
  return NOT_IN_MKV.test(codec) ? raw(stream, 'Matroska') : copied(`its packets are copied${namelessChannels(stream)}`);
}
