import { MKV } from '../../core/bytes/matroska-ids.ts';
import type { Projection } from '../../core/film/projection.ts';
import type { ByteSource } from './byte-source.ts';
import { type EbmlElement, elementsIn, elementsOf, uintOf } from './ebml-elements.ts';

const POSES = [MKV.ProjectionPoseYaw, MKV.ProjectionPosePitch, MKV.ProjectionPoseRoll];

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
    if (entry.id !== MKV.TrackEntry) continue;
    const inside = await childrenById(source, entry);
    const type = inside.get(MKV.TrackType);
    if (!STREAM_TYPES.has(type && (await uintOf(source, type)))) continue;
    if (number++ < stream) continue;
    const video = inside.get(MKV.Video);
    return video && projectionOfVideo(source, await childrenById(source, video));
  }
  return undefined;
}

async function tracksOf(source: ByteSource): Promise<EbmlElement | undefined> {
  for await (const top of elementsIn(source, 0, source.size)) {
    if (top.id !== MKV.Segment) continue;
    for await (const element of elementsOf(source, top)) {
      if (element.id === MKV.Tracks) return element;
      if (element.id === MKV.Cluster) return undefined;
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
  const projection = video.get(MKV.Projection);
  if (!projection && !video.has(MKV.StereoMode)) return undefined;
  const inside = projection ? await childrenById(source, projection) : new Map<number, EbmlElement>();
  const uint = async (element: EbmlElement | undefined) => (element ? ((await uintOf(source, element)) ?? 0) : 0);
  const [yaw = 0, pitch = 0, roll = 0] = await Promise.all(POSES.map((id) => floatOf(source, inside.get(id))));
  return {
    type: await uint(inside.get(MKV.ProjectionType)),
    contents: await bytesOf(source, inside.get(MKV.ProjectionPrivate)),
    pose: [yaw, pitch, roll],
    stereoMode: await uint(video.get(MKV.StereoMode)),
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
