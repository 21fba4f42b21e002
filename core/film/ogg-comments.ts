type OggStream = { readonly tags?: Readonly<Record<string, string>> | undefined };

/** What ffprobe says of every stream, and tags that ffmpeg makes of other containers' headers. */
const OF_STREAMS = /^(language|encoder|handler_name|vendor_id|major_brand|minor_version|compatible_brands)$/;

/**
 * Returns the tags of an Ogg film by their names in small letters. Comments stand in the header of each stream there, so that ffprobe tells
 * them of streams although they describe the film; where streams differ, the first one counts. Empty for other containers.
 */
export function oggComments(format: string, streams: readonly OggStream[]): Readonly<Record<string, string>> {
  if (format !== 'ogg') return {};
  const told = streams.toReversed().flatMap(({ tags = {} }) => Object.entries(tags));
  return Object.fromEntries(
    told.flatMap(([key, value]) => (OF_STREAMS.test(key.toLowerCase()) ? [] : [[key.toLowerCase(), value] as const])),
  );
}
