import { MKV } from '../../core/bytes/matroska-ids.ts';
import { refuseLargePicture, refuseManyStreams, refuseManyTags } from '../../core/film/limits.ts';
import type { ByteSource } from './byte-source.ts';
import { type EbmlElement, elementAt, elementsIn, elementsOf, uintOf } from './ebml-elements.ts';
import { openClustersReachEnd, otherHeader } from './matroska-clusters.ts';
import { anotherFilm, broken, encrypted, noFrames, notVideo, truncated } from './refusals.ts';

/**
 * Throws `truncated` where a Segment of known size does not fit into the file. A Segment of unknown size (live streams, recordings
 * that were never closed) may end anywhere behind its first block, which is a warning.
 */
export async function judgeMatroska(source: ByteSource): Promise<string[]> {
  const segment = await findSegment(source);
  if (!segment.open && segment.end > source.size) {
    throw truncated(
      source,
      `its Segment is ${segment.end - segment.start} bytes long, of which ${source.size - segment.start} are there`,
    );
  }
  const firstCluster = await readUntilCluster(source, segment);
  if (!firstCluster) throw noFrames(source);
  if (segment.open) return judgeOpenSegment(source, firstCluster);
  await refuseOtherSegment(source, segment.end);
  if (segment.end < source.size) return [`${source.size - segment.end} stray bytes follow its Segment`];
  return [];
}

/** Readers take the clusters of another Segment for those of the first one, and show its pictures without their times. */
async function refuseOtherSegment(source: ByteSource, at: number): Promise<void> {
  const next = await elementAt(source, at, source.size);
  if (next?.id === MKV.EBML || next?.id === MKV.Segment) throw anotherFilm(source, `another one begins at byte ${at}`);
}

async function findSegment(source: ByteSource): Promise<EbmlElement> {
  for await (const element of elementsIn(source, 0, source.size)) {
    if (element.id === MKV.EBML) await refuseOtherDocuments(source, element);
    if (element.id === MKV.Segment) return element;
  }
  throw truncated(source, 'it ends before its Segment begins');
}

async function refuseOtherDocuments(source: ByteSource, header: EbmlElement): Promise<void> {
  for await (const { id, dataStart, end } of elementsOf(source, header)) {
    if (id !== MKV.DocType || end > source.size) continue;
    const docType = (await source.read(dataStart, Math.min(end - dataStart, 32)))
      .toString('latin1')
      .replace(/\0+$/, '');
    if (docType !== 'matroska' && docType !== 'webm')
      throw notVideo(source, `an EBML document of type ${JSON.stringify(docType)}`);
  }
}

/** Reads the elements before the first cluster. Each track and each attachment is a stream. Returns that cluster, if there is one. */
async function readUntilCluster(source: ByteSource, segment: EbmlElement): Promise<EbmlElement | undefined> {
  let streams = 0;
  let reached = segment.dataStart;
  for await (const element of elementsOf(source, segment)) {
    if (element.id === MKV.Cluster) return element;
    if (element.end > segment.end) throw overrun(source, element);
    reached = element.end;
    if (element.id === MKV.Tracks) streams += await countTracks(source, element, streams);
    if (element.id === MKV.Attachments) streams += await countIn(source, element, MKV.AttachedFile, streams);
    if (element.id === MKV.Tags) await refuseTags(source, element);
    if (element.id === MKV.SeekHead) await refuseTagsBehind(source, element, segment);
  }
  if (reached === segment.end) return undefined;
  if (segment.open) throw cutHeader(source, reached);
  throw broken(source, `its Segment has no valid element at byte ${reached}`);
}

const overrun = (source: ByteSource, { id, start, end }: EbmlElement) =>
  end > source.size
    ? truncated(
        source,
        `its element ${id.toString(16)} at byte ${start} reaches to byte ${end}, it ends at byte ${source.size}`,
      )
    : broken(source, `its element ${id.toString(16)} at byte ${start} is larger than the Segment that holds it`);

const cutHeader = (source: ByteSource, at: number) =>
  truncated(source, `only ${source.size - at} bytes of an element are left at byte ${at}`);

async function countTracks(source: ByteSource, tracks: EbmlElement, before: number): Promise<number> {
  const count = await countIn(source, tracks, MKV.TrackEntry, before);
  for await (const entry of elementsOf(source, tracks)) {
    if (entry.id !== MKV.TrackEntry) continue;
    await refuseLargeTrack(source, entry);
    await refuseEncryptedTrack(source, entry);
  }
  return count;
}

async function countIn(source: ByteSource, parent: EbmlElement, id: number, before: number): Promise<number> {
  let count = 0;
  for await (const element of elementsOf(source, parent)) {
    if (element.id === id) count += 1;
    refuseManyStreams(before + count);
  }
  return count;
}

async function refuseTags(source: ByteSource, tags: EbmlElement): Promise<void> {
  let count = 0;
  for await (const { id } of elementsOf(source, tags)) if (id === MKV.Tag) refuseManyTags(++count);
}

/** Readers find the tags that lie behind the packets by the list of positions. */
async function refuseTagsBehind(source: ByteSource, seekHead: EbmlElement, segment: EbmlElement): Promise<void> {
  for await (const seek of elementsOf(source, seekHead)) {
    if (seek.id !== MKV.Seek) continue;
    let [id, position]: (number | undefined)[] = [];
    for await (const field of elementsOf(source, seek)) {
      if (field.id === MKV.SeekID) id = await uintOf(source, field);
      if (field.id === MKV.SeekPosition) position = await uintOf(source, field);
    }
    if (id !== MKV.Tags || position === undefined) continue;
    const tags = await elementAt(source, segment.dataStart + position, Math.min(segment.end, source.size));
    if (tags?.id === MKV.Tags) await refuseTags(source, tags);
  }
}

async function refuseLargeTrack(source: ByteSource, entry: EbmlElement): Promise<void> {
  for await (const video of elementsOf(source, entry)) {
    if (video.id !== MKV.Video) continue;
    let [width, height]: (number | undefined)[] = [0, 0];
    for await (const field of elementsOf(source, video)) {
      if (field.id === MKV.PixelWidth) width = await uintOf(source, field);
      if (field.id === MKV.PixelHeight) height = await uintOf(source, field);
    }
    refuseLargePicture(width ?? Number.POSITIVE_INFINITY, height ?? Number.POSITIVE_INFINITY);
  }
}

/** Throws `bad-input` for a track with ContentEncryption, even if its first frames are clear. Compressed tracks pass. */
async function refuseEncryptedTrack(source: ByteSource, entry: EbmlElement): Promise<void> {
  for await (const encodings of elementsOf(source, entry)) {
    if (encodings.id !== MKV.ContentEncodings) continue;
    for await (const encoding of elementsOf(source, encodings)) {
      if (encoding.id !== MKV.ContentEncoding) continue;
      for await (const { id, start } of elementsOf(source, encoding))
        if (id === MKV.ContentEncryption)
          throw encrypted(source, `a track says so (ContentEncryption at byte ${start})`);
    }
  }
}

const NEVER_CLOSED =
  'its Segment was never closed (a live stream or an interrupted recording), so nothing tells how long it should be';

const neverClosed = (unused: number): string =>
  unused === 0 ? NEVER_CLOSED : `${NEVER_CLOSED}; it ends early, and the last ${unused} bytes are not used`;

/** Returns where the last block ends that is whole in a cluster that is not; its own start where it has none. */
async function lastBlockEnd(source: ByteSource, cluster: EbmlElement): Promise<number> {
  let reached = cluster.dataStart;
  let used = cluster.start;
  for (;;) {
    const element = await elementAt(source, reached, source.size);
    if (!element || element.open || element.end > source.size) return used;
    reached = element.end;
    if (BLOCKS.has(element.id)) used = reached;
  }
}

/** SimpleBlock and BlockGroup. */
const BLOCKS: ReadonlySet<number> = new Set([0xa3, 0xa0]);

async function judgeOpenSegment(source: ByteSource, firstCluster: EbmlElement): Promise<string[]> {
  const other = await otherHeader(source, firstCluster);
  if (other !== undefined) throw anotherFilm(source, `another one begins at byte ${other}`);
  let reached = firstCluster.start;
  for (;;) {
    const element = await elementAt(source, reached, source.size);
    if (!element) break;
    if (element.open) {
      const reaches = await openClustersReachEnd(source, element);
      if (reaches === undefined) return [NEVER_CLOSED, 'its last clusters could not be checked'];
      return [neverClosed(source.size - reaches)];
    }
    if (element.end > source.size) {
      const used = element.id === MKV.Cluster ? await lastBlockEnd(source, element) : reached;
      if (used === firstCluster.start) throw overrun(source, element);
      return [neverClosed(source.size - used)];
    }
    reached = element.end;
  }
  return [neverClosed(source.size - reached)];
}
