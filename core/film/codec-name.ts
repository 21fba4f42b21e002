import type { StreamType } from './probe.ts';

type NamedByFfprobe = { readonly codec_name?: string | undefined; readonly codec_tag_string?: string | undefined };

/** Returns ffprobe's name of a codec; of data that it calls binary, and of what it does not know, the container's name ("gpmd"). */
export function codecName({ codec_name, codec_tag_string }: NamedByFfprobe, type: StreamType): string {
  const tag = nameOfTag(codec_tag_string);
  const isNameless = codec_name === undefined || (type === 'data' && codec_name === 'bin_data' && tag !== 'unknown');
  return isNameless ? tag : codec_name;
}

/** Returns the container's name of a codec, or "unknown" where its tag has no letters and ffprobe prints numbers. */
const nameOfTag = (tag = '') => (/^[\w .+-]*[\w+-][\w .+-]*$/.test(tag) ? tag.trim() : 'unknown');
