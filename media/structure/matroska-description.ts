import { childOf, newElement, textIn, uintIn } from '../../core/bytes/ebml.ts';
import { MKV } from '../../core/bytes/matroska-ids.ts';
import { type AttachedFile, type MatroskaDescription, uidOf, wholenessOf } from '../../core/description/matroska.ts';
import { unsaidAdditions } from '../../core/description/matroska-losses.ts';
import { type MetadataFate, TOO_LARGE } from '../../core/description/metadata.ts';
import { isMatroska } from '../../core/film/probe.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { shownName } from '../../core/streams/set-aside.ts';
import { type ByteSource, withByteSource } from './byte-source.ts';
import { type EbmlElement, elementsIn, elementsOf } from './ebml-elements.ts';
import { tracksWithAdditions } from './matroska-additions.ts';
import { bytesOf, left, readTags, WHY_LEFT } from './matroska-tags.ts';

/** ffmpeg makes a stream of tracks of these types: picture, sound, subtitles, metadata. */
const STREAM_TYPES: ReadonlySet<number> = new Set([1, 2, 17, 33]);

/** The names of the others (RFC 9559 5.1.4.1.3). */
const OTHER_TYPES: Readonly<Record<number, string>> = { 3: 'complex', 16: 'logo', 18: 'buttons', 32: 'control' };

/** What is larger than these is no description of a film. */
const LARGEST_CHAPTERS = 8 * 2 ** 20;
const LARGEST_FIELD = 64 * 1024;
/** A day of film in clusters of two seconds. */
const MOST_CLUSTERS = 43_200;

const LINKS: ReadonlySet<number> = new Set([
  ...[MKV.SegmentUUID, MKV.PrevUUID, MKV.NextUUID, MKV.SegmentFamily, MKV.Title],
  ...[MKV.SegmentFilename, MKV.PrevFilename, MKV.NextFilename],
]);

/** Reads how a Matroska or WebM file describes its film; undefined for any other file. */
export async function readMatroska(
  { path, probe }: Pick<Source, 'path' | 'probe'>,
  signal: AbortSignal,
): Promise<MatroskaDescription | undefined> {
  if (!isMatroska(probe)) return undefined;
  const found = await withByteSource(path, signal, descriptionIn);
  const { tracks, attachments } = found;
  // without a list of positions ffmpeg finds no files behind the packets
  const seen = [attachments, attachments.filter(({ isBehind }) => !isBehind)];
  const isAsProbed = seen.some((files) => tracks.length + files.length === probe.streams.length);
  if (isAsProbed) return found;
  // behind damage ffmpeg reads the tracks once more, as further streams
  const areFirst = tracks.length < probe.streams.length && attachments.length === 0;
  const unclear = attachments.map(({ name }) => left(`attachment ${shownName(name)}`, UNCLEAR));
  return { ...found, tracks: areFirst ? tracks : [], attachments: [], left: [...found.left, ...unclear] };
}

async function descriptionIn(source: ByteSource): Promise<MatroskaDescription> {
  const found: ReadParts = {
    tracks: [],
    unreadTracks: [],
    attachments: [],
    chapters: undefined,
    tags: [],
    info: [],
    left: [],
    hasPackets: false,
  };
  const clusters: EbmlElement[] = [];
  for await (const top of elementsIn(source, 0, source.size)) {
    if (top.id !== MKV.Segment) continue;
    for await (const element of elementsOf(source, top)) {
      if (element.id !== MKV.Cluster) await readPart(source, element, found);
      else if (clusters.length < MOST_CLUSTERS) clusters.push(element);
      if (element.id === MKV.Cluster) found.hasPackets = true;
    }
    break;
  }
  const numbers = await tracksWithAdditions(source, clusters);
  return { ...found, left: [...found.left, ...unsaidAdditions(found.tracks, numbers)] };
}

type ReadParts = {
  tracks: Buffer[];
  unreadTracks: string[];
  attachments: AttachedFile[];
  chapters: Buffer | undefined;
  tags: Buffer[];
  info: Buffer[];
  left: MetadataFate[];
  hasPackets: boolean;
};

async function readPart(source: ByteSource, element: EbmlElement, found: ReadParts): Promise<void> {
  const isWhole = !element.open && element.end <= source.size;
  switch (element.id) {
    case MKV.Info:
      for await (const child of elementsOf(source, element))
        if (LINKS.has(child.id)) found.info.push(await bytesOf(source, child));
      return;
    case MKV.Tracks:
      for await (const child of elementsOf(source, element))
        if (child.id === MKV.TrackEntry) await addTrack(source, child, found);
      return;
    case MKV.Attachments:
      if (isWhole) await addAttachments(source, element, found);
      return;
    case MKV.Chapters:
      if (isWhole) await addChapters(source, element, found);
      return;
    case MKV.Tags:
      if (isWhole) await readTags(source, element, found);
      return;
    default:
  }
}

async function addTrack(source: ByteSource, entry: EbmlElement, found: ReadParts): Promise<void> {
  const fields: Buffer[] = [];
  let [type, hasCodec] = [0, false];
  for await (const field of elementsOf(source, entry)) {
    if (field.end > entry.end) break;
    if (field.id === MKV.CodecID) hasCodec = true;
    if (field.id === MKV.CodecPrivate || field.end - field.start > LARGEST_FIELD) continue;
    const bytes = await bytesOf(source, field);
    if (field.id === MKV.TrackType) type = bytes.at(-1) ?? 0;
    fields.push(bytes);
  }
  const read = newElement(MKV.TrackEntry, ...fields);
  if (STREAM_TYPES.has(type) && hasCodec) return void found.tracks.push(read);
  found.unreadTracks.push(uidOf(read, MKV.TrackUID));
  const number = uintIn(childOf(read, MKV.TrackNumber)) ?? 0n;
  const kind = STREAM_TYPES.has(type) ? 'without a codec' : (OTHER_TYPES[type] ?? `of type ${type}`);
  found.left.push(left(`track ${number} (${kind})`, NO_STREAM));
}

const NO_STREAM = 'ffmpeg reads no track of this kind: its packets and its tags stay in the source';

async function addAttachments(source: ByteSource, attachments: EbmlElement, found: ReadParts): Promise<void> {
  for await (const file of elementsOf(source, attachments)) {
    if (file.id !== MKV.AttachedFile) continue;
    const fields: Buffer[] = [];
    let data = { start: 0, end: 0 };
    for await (const field of elementsOf(source, file)) {
      if (field.end > file.end) break;
      if (field.id === MKV.FileData) data = { start: field.dataStart, end: field.end };
      else if (field.end - field.start <= LARGEST_FIELD) fields.push(await bytesOf(source, field));
    }
    const entry = newElement(MKV.AttachedFile, ...fields);
    const [name, mediaType] = [MKV.FileName, MKV.FileMediaType].map((id) => textIn(childOf(entry, id)));
    // ffmpeg makes a stream of a file whose name is empty, and none of one that has no name
    if (name === undefined || mediaType === undefined || data.end === data.start) {
      found.left.push(left('attachment', 'it has no name, no type or no bytes'));
      continue;
    }
    found.attachments.push({
      name,
      mediaType,
      uid: uidOf(entry, MKV.FileUID),
      at: { start: file.start, end: file.end },
      data,
      isBehind: found.hasPackets,
    });
  }
}

async function addChapters(source: ByteSource, element: EbmlElement, found: ReadParts): Promise<void> {
  if (element.end - element.start > LARGEST_CHAPTERS) found.left.push(left('chapters', TOO_LARGE));
  else {
    const chapters = await bytesOf(source, element);
    const wholeness = wholenessOf(chapters);
    if (wholeness === 'whole') found.chapters = chapters;
    else found.left.push(left('chapters', WHY_LEFT[wholeness]));
  }
}

const UNCLEAR = 'nobody can tell which stream it is: ffprobe finds another number of tracks and files than there are';
