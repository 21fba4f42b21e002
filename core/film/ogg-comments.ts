type OggStream = {
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly disposition?: Readonly<Record<string, number>> | undefined;
};

/** What ffprobe says of every stream, and tags that ffmpeg makes of other containers' headers. */
const OF_STREAMS = /^(language|encoder|handler_name|vendor_id|major_brand|minor_version|compatible_brands)$/;

/**
 * Returns the tags of an Ogg film by their names in small letters. Comments stand in the header of each stream there, so that ffprobe tells
 * them of streams although they describe the film; where a later stream says another thing, its number follows the name. A cover has no
 * comments: what ffprobe tells of it is its type. Empty for other containers.
 */
export function oggComments(format: string, streams: readonly OggStream[]): Readonly<Record<string, string>> {
  if (format !== 'ogg') return {};
  const found: Record<string, string> = {};
  for (const [index, { tags = {}, disposition }] of streams.entries()) {
    if (disposition?.attached_pic === 1) continue;
    for (const [name, value] of Object.entries(tags)) {
      const key = name.toLowerCase();
      if (OF_STREAMS.test(key) || found[key] === value) continue;
      found[found[key] === undefined ? key : `${key}/${index}`] = value;
    }
  }
  return found;
}
