import { rpuProfileIn } from '../../core/film/rpu-header.ts';
import { hasActiveFormat, hasCaptions, hasFurtherLayers, saidInPart } from '../../core/film/user-data.ts';
import { type ByteSource, withByteSource } from './byte-source.ts';
import type { Family } from './families.ts';
import { payloadsOf } from './ts-packets.ts';

/** Cameras and programs write such messages into the first picture, or into all. */
const FIRST_BYTES = 4 * 2 ** 20;
/** Captions begin with the first words, and some programs write only later: the rest of a file is looked at in so many places. */
const PLACES = 16;
const BYTES_EACH = 2 ** 20;

/** What the packets of a picture hold besides the picture. */
type InPictures = {
  readonly userData: readonly string[];
  readonly hasCaptions: boolean;
  readonly hasFormat?: boolean;
  /** How two eyes lie in them. */
  readonly framePacking?: string | undefined;
  /** The profile of Dolby Vision that they have. */
  readonly dolbyProfile?: number | undefined;
  /** Whether there are layers of HEVC above the base. */
  readonly hasLayers?: boolean;
};

const NOTHING: InPictures = { userData: [], hasCaptions: false };

/**
 * Returns the ids of the user data of H.264 and HEVC, and whether pictures of these and of MPEG-2 have closed captions and two eyes, without
 * taking the container apart: from the beginning of the file, and from places that lie evenly in its rest.
 */
export async function saidInPictures(
  path: string,
  { family, codec }: { readonly family: Family; readonly codec: string },
  signal: AbortSignal,
): Promise<InPictures> {
  if (!/^(h264|hevc|mpeg2video)$/.test(codec)) return NOTHING;
  const isInPackets = family === 'ts' || family === 'm2ts';
  return withByteSource(path, signal, async (source) => {
    const ids = new Set<string>();
    let [captions, hasLayers, hasFormat] = [false, false, false];
    let framePacking: string | undefined;
    let dolbyProfile: number | undefined;
    for (const { at, bytes } of placesIn(source)) {
      const block = await source.read(at, bytes);
      for (const part of isInPackets ? payloadsOf(block) : [block]) {
        const said = saidInPart(part, codec);
        for (const id of said.userData) ids.add(id);
        captions ||= hasCaptions(part, codec);
        hasFormat ||= hasActiveFormat(part, codec);
        if (codec === 'hevc') dolbyProfile ??= rpuProfileIn(part);
        if (codec === 'hevc') hasLayers ||= hasFurtherLayers(part);
        framePacking ??= said.framePacking;
      }
    }
    return { userData: [...ids], hasCaptions: captions, hasFormat, framePacking, dolbyProfile, hasLayers };
  });
}

function placesIn({ size }: ByteSource): readonly { readonly at: number; readonly bytes: number }[] {
  const rest = size - FIRST_BYTES;
  const places = Math.min(PLACES, Math.ceil(rest / BYTES_EACH));
  return [
    { at: 0, bytes: Math.min(FIRST_BYTES, size) },
    ...Array.from({ length: Math.max(0, places) }, (_, i) => {
      const at = FIRST_BYTES + Math.floor(places > 1 ? (i * Math.max(0, rest - BYTES_EACH)) / (places - 1) : 0);
      return { at, bytes: Math.min(BYTES_EACH, size - at) };
    }),
  ];
}
