import { refuseManyStreams } from '../../core/film/limits.ts';
import type { ByteSource } from './byte-source.ts';
import { type Mp4Box, boxAt, childrenOf, findBox, nameOf, pastTheEnd } from './mp4-boxes.ts';
import { refuseEncryptedFragment } from './mp4-encryption.ts';
import { fragmentDataEnd, indexedEnd } from './mp4-fragments.ts';
import { type Mp4Track, readTrack } from './mp4-tracks.ts';
import { broken, noFrames, notVideo, truncated } from './refusals.ts';

/** What lies at the top of an MP4 file, in order. */
type Layout = {
  readonly moov: Mp4Box | undefined;
  readonly lastMoof: Mp4Box | undefined;
  /** Some of its fragments, spread over the file. */
  readonly moofs: readonly Mp4Box[];
  readonly hasMeta: boolean;
  /** Where the `sidx` boxes say the file's segments end. */
  readonly indexedEnd: number;
  /** Where the last whole box ends: the file's size, unless bytes follow that are no box. */
  readonly end: number;
};

/** Boxes that stand at the top. A first box of these makes a file an MP4; cut ones make it a truncated one. */
export const TOP_BOXES: ReadonlySet<string> = new Set(
  'ftyp moov mdat moof free skip wide styp sidx ssix prft emsg mfra meta uuid pdin pnot udta junk PICT'.split(' '),
);

/** Whole if every box is, and every byte that the tracks, fragments and indexes point at is there. */
export async function judgeMp4(source: ByteSource): Promise<string[]> {
  const layout = await readLayout(source);
  const { moov, lastMoof, moofs } = layout;
  if (!moov) throw withoutMoov(source, layout);
  const tracks = await readTracks(source, moov);
  refuseMissingData(source, layout, Math.max(0, ...tracks.map(({ dataEnd }) => dataEnd)));
  for (const moof of new Set([...moofs, ...(lastMoof ? [lastMoof] : [])])) await refuseEncryptedFragment(source, moof);
  if (lastMoof) refuseMissingFragment(source, lastMoof, await fragmentDataEnd(source, lastMoof, moov));
  const compressed = Boolean(await findBox(source, moov, 'cmov'));
  if (!lastMoof && !compressed) refuseNoFrames(source, tracks, layout);
  return [
    ...(compressed ? ['its index is compressed (cmov), so its sample tables could not be checked'] : []),
    ...(layout.end < source.size ? [`${source.size - layout.end} stray bytes follow its last box`] : []),
  ];
}

async function readLayout(source: ByteSource): Promise<Layout> {
  let layout: Layout = {
    ...{ moov: undefined, lastMoof: undefined, moofs: [] },
    ...{ hasMeta: false, indexedEnd: 0, end: 0 },
  };
  const some = spread<Mp4Box>();
  while (layout.end < source.size) {
    const box = await boxAt(source, layout.end, source.size);
    if (!box || (!TOP_BOXES.has(box.type) && !isForeignBox(box, source))) {
      await refuseCutHeader(source, layout);
      return layout;
    }
    if (box.end > source.size) throw pastTheEnd(source, box);
    layout = { ...layout, end: box.end };
    if (box.type === 'moov') layout = { ...layout, moov: layout.moov ?? box };
    if (box.type === 'moof') layout = { ...layout, lastMoof: box, moofs: some(box) };
    if (box.type === 'meta') layout = { ...layout, hasMeta: true };
    if (box.type === 'sidx') {
      layout = { ...layout, indexedEnd: Math.max(layout.indexedEnd, await indexedEnd(source, box)) };
    }
  }
  return layout;
}

const MOST_MOOFS = 64;

/** Takes one after the other; gives at most 64 of them, evenly spread over all so far. */
function spread<T>(): (next: T) => readonly T[] {
  let kept: T[] = [];
  let every = 1;
  let count = 0;
  return (next) => {
    if (count % every === 0) kept.push(next);
    count += 1;
    if (kept.length > MOST_MOOFS) {
      kept = kept.filter((_, i) => i % 2 === 0);
      every *= 2;
    }
    return kept;
  };
}

/** Cameras put boxes of their own among the others; one that does not fit is taken for stray bytes. */
const isForeignBox = ({ type, end, open }: Mp4Box, source: ByteSource) =>
  /^[\x20-\x7e\xa9]{4}$/.test(type) && end <= source.size && !open;

/** Fewer than 8 bytes behind the last box of a fragmented file are the next fragment's beginning, unless all are zero. */
async function refuseCutHeader(source: ByteSource, { end, lastMoof }: Layout): Promise<void> {
  if (!lastMoof || source.size - end >= 8) return;
  const rest = await source.read(end, 8);
  if (rest.some((byte) => byte !== 0))
    throw truncated(source, `only ${rest.length} bytes of a box are left at byte ${end}`);
}

function withoutMoov(source: ByteSource, { hasMeta, lastMoof }: Layout) {
  if (hasMeta) return notVideo(source, 'a HEIC or AVIF picture');
  if (lastMoof)
    return broken(source, 'it is a piece of a stream without its beginning (no moov box); join the pieces first');
  return truncated(source, 'it has no index (moov box), which is written last: the recording or copy did not finish');
}

/** Covers weigh a few MB; ffprobe takes minutes and GB to tell of a tag of 200 MB. */
const MOST_TAG_BYTES = 64 * 1024 * 1024;

async function readTracks(source: ByteSource, moov: Mp4Box): Promise<Mp4Track[]> {
  const traks: Mp4Box[] = [];
  for await (const box of childrenOf(source, moov)) {
    if (box.end > moov.end) throw broken(source, `its ${nameOf(box)} is larger than the moov box that holds it`);
    if (box.type === 'trak') traks.push(box);
    if (box.size > MOST_TAG_BYTES && (box.type === 'udta' || box.type === 'meta'))
      throw broken(source, `its ${nameOf(box)} holds ${box.size} bytes of tags, more than any real one`);
    refuseManyStreams(traks.length);
  }
  const tracks: Mp4Track[] = [];
  for (const trak of traks) tracks.push(await readTrack(source, trak));
  return tracks;
}

function refuseMissingData(source: ByteSource, { indexedEnd: announced }: Layout, samplesEnd: number): void {
  if (samplesEnd > source.size) {
    const missing = Math.ceil((100 * (samplesEnd - source.size)) / samplesEnd);
    throw truncated(
      source,
      `its sample tables reach to byte ${samplesEnd}, it ends at byte ${source.size}: ${missing} % of it are missing`,
    );
  }
  if (announced > source.size) {
    throw truncated(source, `its segment index (sidx) reaches to byte ${announced}, it ends at byte ${source.size}`);
  }
}

function refuseMissingFragment(source: ByteSource, moof: Mp4Box, dataEnd: number): void {
  if (dataEnd <= source.size) return;
  throw truncated(
    source,
    `the fragment at byte ${moof.start} reaches to byte ${dataEnd}, it ends at byte ${source.size}`,
  );
}

function refuseNoFrames(source: ByteSource, tracks: readonly Mp4Track[], { end }: Layout): void {
  const pictures = tracks.filter(({ handler }) => handler === 'vide');
  if (pictures.length === 0 || pictures.some(({ samples }) => samples > 0)) return;
  if (end < source.size) throw truncated(source, `only the beginning of its first fragment is there, at byte ${end}`);
  throw noFrames(source);
}
