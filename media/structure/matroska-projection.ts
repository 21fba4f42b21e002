import type { Projection } from '../../core/film/projection.ts';
import type { ByteSource } from './byte-source.ts';
import { type EbmlElement, elementsIn, elementsOf, uintOf } from './ebml-elements.ts';

// Element IDs, RFC 9559.
const SEGMENT = 0x18538067;
const CLUSTER = 0x1f43b675;
const TRACKS = 0x1654ae6b;
const TRACK_ENTRY = 0xae;
const TRACK_TYPE = 0x83;
const VIDEO = 0xe0;
const STEREO_MODE = 0x53b8;
const PROJECTION = 0x7670;
const PROJECTION_TYPE = 0x7671;
const PROJECTION_PRIVATE = 0x7672;
const POSES = [0x7673, 0x7674, 0x7675];

/** ffmpeg makes a stream of tracks of these types: picture, sound, subtitles, metadata. */
const STREAM_TYPES: ReadonlySet<number | undefined> = new Set([1, 2, 17, 33]);
/** A mesh is the largest projection there is. */
const LARGEST_PRIVATE = 2 ** 20;

/** Reads the projection of a Matroska or WebM track, which is given by the number of its stream; or how its two eyes lie in the picture; undefined where it has neither. */
export async function projectionIn(source: ByteSource, stream: number): Promise<Projection | undefined> {
  const tracks = await tracksOf(source);
  if (!tracks) return undefined;
  let number = 0;
  for await (const entry of elementsOf(source, tracks)) {
    if (entry.id !== TRACK_ENTRY) continue;
    const inside = await childrenById(source, entry);
    const type = inside.get(TRACK_TYPE);
    if (!STREAM_TYPES.has(type && (await uintOf(source, type)))) continue;
    if (number++ < stream) continue;
    const video = inside.get(VIDEO);
    return video && projectionOfVideo(source, await childrenById(source, video));
  }
  return undefined;
}

async function tracksOf(source: ByteSource): Promise<EbmlElement | undefined> {
  for await (const top of elementsIn(source, 0, source.size)) {
    if (top.id !== SEGMENT) continue;
    for await (const element of elementsOf(source, top)) {
      if (element.id === TRACKS) return element;
      if (element.id === CLUSTER) return undefined;
    }
  }
  return undefined;
}

async function childrenById(source: ByteSource, parent: EbmlElement): Promise<ReadonlyMap<number, EbmlElement>> {
  const found = new Map<number, EbmlElement>();
  for await (const child of elementsOf(source, parent)) if (!found.has(child.id)) found.set(child.id, child);
  return found;
}

async function projectionOfVideo(
  source: ByteSource,
  video: ReadonlyMap<number, EbmlElement>,
): Promise<Projection | undefined> {
  const projection = video.get(PROJECTION);
  if (!projection && !video.has(STEREO_MODE)) return undefined;
  const inside = projection ? await childrenById(source, projection) : new Map<number, EbmlElement>();
  const uint = async (element: EbmlElement | undefined) => (element ? ((await uintOf(source, element)) ?? 0) : 0);
  const [yaw = 0, pitch = 0, roll = 0] = await Promise.all(POSES.map((id) => floatOf(source, inside.get(id))));
  return {
    type: await uint(inside.get(PROJECTION_TYPE)),
    contents: await bytesOf(source, inside.get(PROJECTION_PRIVATE)),
    pose: [yaw, pitch, roll],
    stereoMode: await uint(video.get(STEREO_MODE)),
  };
}

async function bytesOf(source: ByteSource, element: EbmlElement | undefined): Promise<Buffer> {
  const length = element ? element.end - element.dataStart : 0;
  return element && length <= LARGEST_PRIVATE ? source.read(element.dataStart, length) : Buffer.alloc(0);
}

async function floatOf(source: ByteSource, element: EbmlElement | undefined): Promise<number> {
  const data = await bytesOf(source, element);
  if (data.length === 4) return data.readFloatBE(0);
  return data.length === 8 ? data.readDoubleBE(0) : 0;
}
