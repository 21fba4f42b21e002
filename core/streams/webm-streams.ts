import type { Stream } from '../film/probe.ts';
import { MOST_CHANNELS_IN_OPUS, opusArgs } from './opus-sound.ts';
import { aside, attachedAside, captions, raw } from './set-aside.ts';
import { type StreamDecision, WRITTEN_AGAIN } from './stream-plan.ts';

const WEBM_VIDEO: ReadonlySet<string> = new Set(['vp8', 'vp9', 'av1']);
const WEBM_AUDIO: ReadonlySet<string> = new Set(['opus', 'vorbis']);

/**
 * Decides a stream of an archive in WebM, which is Matroska with AV1, VP8 and VP9, Opus and Vorbis, and WebVTT alone. What else
 * the source has is in sidecars.
 */
export function forWebm(stream: Stream): StreamDecision {
  const { type, codec } = stream;
  switch (type) {
    case 'video':
      if (stream.video?.isAttachedPicture) return aside(stream, 'mkv', 'matroska', 'WebM holds no cover art');
      return WEBM_VIDEO.has(codec) ? KEPT : aside(stream, 'mkv', 'matroska', `WebM cannot hold ${codec}`);
    case 'audio':
      return WEBM_AUDIO.has(codec) ? KEPT : asOpus(stream);
    case 'subtitle':
      return subtitle(stream);
    case 'attachment':
      return attachedAside(stream, 'WebM');
    case 'data':
      return codec === 'tmcd' ? WRITTEN_AGAIN : raw(stream, 'WebM');
    default:
      return type satisfies never;
  }
}

const KEPT: StreamDecision = { fate: 'kept', why: 'its packets are copied', codecArgs: ['copy'], sidecar: undefined };

function asOpus(stream: Stream): StreamDecision {
  const { codec, audio } = stream;
  if (audio && audio.channels > MOST_CHANNELS_IN_OPUS)
    return aside(stream, 'mka', 'matroska', `WebM cannot hold ${audio.channels} channels of ${codec}`);
  return {
    ...aside(stream, 'mka', 'matroska', ''),
    fate: 'converted',
    why: `WebM cannot hold ${codec}: Opus in the WebM for playing, the unchanged packets in the sidecar`,
    codecArgs: opusArgs(stream),
  };
}

/** Formats of text by ffmpeg's names, with the extension and the format of their sidecars. */
const TEXT: Readonly<Record<string, readonly [extension: string, format: string]>> = {
  subrip: ['srt', 'srt'],
  srt: ['srt', 'srt'],
  text: ['srt', 'srt'],
  mov_text: ['srt', 'srt'],
  ass: ['ass', 'ass'],
  ssa: ['ass', 'ass'],
};

function subtitle(stream: Stream): StreamDecision {
  const { codec } = stream;
  if (stream.webVttBlocks)
    return {
      ...aside(stream, 'vtt', 'webvtt', ''),
      fate: 'converted',
      why: 'WebM has another WebVTT than Matroska: its texts with their settings and names; its styles and comments are in the sidecar',
      codecArgs: ['copy'],
    };
  if (codec === 'webvtt') return KEPT;
  if (codec === 'eia_608') return captions(stream);
  const [extension, format] = TEXT[codec] ?? [];
  if (extension !== undefined && format !== undefined)
    return {
      ...aside(stream, extension, format, ''),
      fate: 'converted',
      why: `WebM holds text as WebVTT; ${codec === 'mov_text' ? 'its text as SubRip' : `the ${codec} itself`} is in the sidecar`,
      codecArgs: ['webvtt'],
    };
  if (codec === 'hdmv_pgs_subtitle') return aside(stream, 'sup', 'sup', 'WebM cannot hold PGS');
  if (/^(dvd_subtitle|dvb_subtitle|hdmv_text_subtitle)$/.test(codec))
    return aside(stream, 'mks', 'matroska', `WebM cannot hold ${codec}`);
  return raw(stream, 'WebM');
}
