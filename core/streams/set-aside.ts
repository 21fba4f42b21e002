import type { Stream } from '../film/probe.ts';
import type { StreamDecision } from './stream-plan.ts';
import { sidecarName } from './track-marks.ts';

/** Keeps a stream in a file beside the rendition. */
export function aside(stream: Stream, extension: string, format: string, reason: string): StreamDecision {
  return {
    fate: 'kept',
    why: `${reason}: in the sidecar`,
    codecArgs: undefined,
    sidecar: { name: sidecarName(stream, extension), format },
  };
}

/** Whether a stream is WebVTT as MP4 has it (ISO/IEC 14496-30 7), which ffmpeg copies as data. */
export const isWebVttOfMp4 = ({ codec }: Pick<Stream, 'codec'>): boolean => codec === 'wvtt';

/** Keeps the packets of a stream that the container cannot hold, without their times, which texts are given where their format is known. */
export function raw(stream: Stream, container = 'MP4'): StreamDecision {
  const why = whyRaw(stream, container);
  if (isWebVttOfMp4(stream)) return aside(stream, 'vtt', 'webvtt', `${why}; its cues with their times and settings`);
  if (stream.codec === 'stpp') return aside(stream, 'bin', 'data', `${why}; its documents, with the times in them`);
  return aside(stream, 'bin', 'data', `${why}; its packets without their times`);
}

const whyRaw = ({ codec }: Stream, container: string): string =>
  /^(unknown|none)$/.test(codec) ? 'ffmpeg does not know its codec' : `${container} cannot hold ${codec}`;

/** The extensions of pictures, by ffmpeg's names of their formats. */
const PICTURES: Readonly<Record<string, string>> = {
  ...{ mjpeg: 'jpg', png: 'png', bmp: 'bmp', gif: 'gif', webp: 'webp', tiff: 'tif', jpeg2000: 'jp2', jpegxl: 'jxl' },
  ...{ targa: 'tga', ppm: 'ppm', pgm: 'pgm' },
};

/** Keeps a cover beside the rendition, byte for byte, whatever it is. The writer of pictures of ffmpeg 7 writes a GIF anew. */
export function coverAside(stream: Stream, reason: string): StreamDecision {
  const format = stream.codec === 'gif' ? 'data' : 'image2pipe';
  return aside(stream, (stream.video && PICTURES[stream.codec]) ?? 'bin', format, reason);
}

/** A track of closed captions (CEA-608), which players read as text only. */
export const captions = (stream: Stream): StreamDecision => ({
  ...aside(stream, 'srt', 'srt', ''),
  fate: 'converted',
  why: 'its closed captions are in the sidecar, as SubRip',
});

/** Keeps a file that is attached to the source beside the rendition. */
export function attachedAside(stream: Stream, container = 'MP4'): StreamDecision {
  const { filename = '' } = stream.tags;
  const extension = /\.([a-z0-9]{1,8})$/i.exec(filename)?.[1]?.toLowerCase() ?? 'bin';
  const plan = aside(stream, extension, 'attachment', `${container} holds no attachments`);
  const [name, about] = [filename, stream.tags.title ?? ''].map(shownName);
  const named = `"${name}"${about ? `, described as "${about}",` : ''} is in the sidecar`;
  return name ? { ...plan, why: `${container} holds no attachments: ${named}` } : plan;
}

/** A name from inside a file, for people. */
export const shownName = (text: string) => text.replace(/\p{C}/gu, '?').slice(0, 255);
