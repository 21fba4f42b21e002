import * as z from 'zod/mini';
import { codecString } from '../../core/film/codec-string.ts';
import { isLosslessH264 } from '../../core/film/lossless-h264.ts';
import type { Probe, Stream } from '../../core/film/probe.ts';

const file = z.object({
  streams: z.optional(z.array(z.object({ index: z.int(), codec_tag_string: z.optional(z.string()) }))),
});

/** The audio object types of ISO/IEC 14496-3, by ffprobe's names of the AAC profiles. */
const AAC_TYPES: Readonly<Record<string, number>> = { Main: 1, LC: 2, SSR: 3, LTP: 4, 'HE-AAC': 5, 'HE-AACv2': 29 };

/**
 * Adds the codecs parameter (RFC 6381) to every sound, and to every picture whose decoder configuration record is given; of a picture
 * in H.264 also whether it is lossless.
 * `json` is ffprobe's description of the file.
 */
export function withCodecStrings(probe: Probe, json: unknown, configurations: ReadonlyMap<number, Uint8Array>): Probe {
  const { streams = [] } = file.parse(json);
  const tags = new Map(streams.map((stream) => [stream.index, stream.codec_tag_string]));
  const named = (stream: Stream): Stream => {
    const { index, codec, type, audio } = stream;
    const configuration = configurations.get(index);
    if (type === 'video' && configuration) {
      const whole = { ...stream, codecString: codecString({ codec, tag: tags.get(index) ?? '', configuration }) };
      const isLossless = codec === 'h264' && isLosslessH264(configuration);
      return isLossless && whole.video ? { ...whole, video: { ...whole.video, isLossless } } : whole;
    }
    if (type !== 'audio') return stream;
    return { ...stream, codecString: codec === 'aac' ? `mp4a.40.${AAC_TYPES[audio?.profile ?? 'LC'] ?? 2}` : codec };
  };
  return { ...probe, streams: probe.streams.map(named) };
}
