import { refuseManyStreams } from '../../core/film/limits.ts';
import { lostFragments, type PictureFragment } from '../../core/film/picture-fragments.ts';
import type { ByteSource } from './byte-source.ts';
import { trailerAt } from './camera-trailer.ts';
import { asMotionPhoto, filmBehindPicture } from './motion-photos.ts';
import { boxAt, childrenOf, findBox, type Mp4Box, nameOf, pastTheEnd } from './mp4-boxes.ts';
import { refuseEncryptedFragment } from './mp4-encryption.ts';
import { fragmentDataEnd, indexedEnd } from './mp4-fragments.ts';
import { refuseOtherFilm } from './mp4-other-film.ts';
import { pictureFragments } from './mp4-picture-fragments.ts';
import { refuseTagFlood } from './mp4-tag-flood.ts';
import { type Mp4Track, readTrack } from './mp4-tracks.ts';
import { broken, noFrames, notVideo, truncated } from './refusals.ts';
import { TOP_BOXES } from './top-boxes.ts';

/** The boxes at the top level of an MP4 file. */
type TopLevel = {
  readonly moov: Mp4Box | undefined;
  /** A movie box behind the first one. */
  readonly otherMoov: Mp4Box | undefined;
  /** How many file type boxes there are. */
  readonly fileTypes: number;
  readonly lastMoof: Mp4Box | undefined;
  /** Up to 64 of its fragments, spread evenly over the file. */
  readonly moofs: readonly Mp4Box[];
  /** What beside the movie may describe the film: `meta` and `udta` boxes. */
  readonly described: Mp4Box[];
  /** Where the last segment ends that a `sidx` box announces. */
  readonly indexedEnd: number;
  /** Where the last whole box ends, which is the file's size unless stray bytes follow. */
  readonly end: number;
};

/** The warnings on an MP4, and the fragments of its picture where it is fragmented. */
type JudgedMp4 = { readonly warnings: readonly string[]; readonly fragments?: readonly PictureFragment[] };

/** Throws `truncated` unless every box is whole, and every byte that tracks, fragments and indexes point at is there. */
export async function judgeMp4(source: ByteSource): Promise<JudgedMp4> {
  const layout = await readLayout(source);
  const { moov, lastMoof, moofs } = layout;
  await refuseMotionPhoto(source);
  if (!moov) throw withoutMoov(source, layout);
  const tracks = await readTracks(source, moov);
  await refuseTagFlood(source, [moov, ...layout.described]);
  refuseMissingData(source, layout, Math.max(0, ...tracks.map(({ dataEnd }) => dataEnd)));
  for (const moof of new Set([...moofs, ...(lastMoof ? [lastMoof] : [])])) await refuseEncryptedFragment(source, moof);
  if (lastMoof) refuseMissingFragment(source, lastMoof, await fragmentDataEnd(source, lastMoof, moov));
  const fragments = lastMoof ? await pictureFragments(source, moov) : [];
  await refuseOtherFilm(source, { ...layout, moov }, fragments);
  const compressed = Boolean(await findBox(source, moov, 'cmov'));
  if (!lastMoof && !compressed) refuseNoFrames(source, tracks, layout);
  const warnings = [
    ...(compressed ? ['its index is compressed (cmov), so its sample tables could not be checked'] : []),
    ...(await strayBytes(source, layout.end)),
    ...tracks.flatMap(undescribedTold),
    ...lostFragments(fragments),
  ];
  return { warnings, ...(lastMoof && { fragments }) };
}

/** The packets of a stream that no reader finds. Those of pictures are counted with all frames that are missing. */
const undescribedTold = ({ handler, samples, undescribed }: Mp4Track, stream: number): readonly string[] =>
  handler === 'vide' || undescribed === 0
    ? []
    : [
        `${undescribed} of ${samples} packets of stream ${stream} are lost: they refer to a sample description that is not there (stsc box), so that no reader finds them`,
      ];

/** What cameras are known to write there lies beside the film, and is told of it. */
async function strayBytes(source: ByteSource, end: number): Promise<readonly string[]> {
  if (end >= source.size || (await trailerAt(source, end))) return [];
  return [`${source.size - end} stray bytes follow its last box`];
}

async function readLayout(source: ByteSource): Promise<TopLevel> {
  let layout: TopLevel = {
    moov: undefined,
    otherMoov: undefined,
    fileTypes: 0,
    lastMoof: undefined,
    moofs: [],
    described: [],
    indexedEnd: 0,
    end: 0,
  };
  const sample = evenSample<Mp4Box>();
  while (layout.end < source.size) {
    const box = await boxAt(source, layout.end, source.size);
    if (!box || (!TOP_BOXES.has(box.type) && !isForeignBox(box, source))) {
      await refuseCutHeader(source, layout);
      return layout;
    }
    if (box.end > source.size) throw pastTheEnd(source, box);
    layout = { ...layout, end: box.end };
    if (box.type === 'moov') layout = layout.moov ? { ...layout, otherMoov: box } : { ...layout, moov: box };
    if (box.type === 'ftyp') layout = { ...layout, fileTypes: layout.fileTypes + 1 };
    if (box.type === 'moof') layout = { ...layout, lastMoof: box, moofs: sample(box) };
    if (box.type === 'meta' || box.type === 'udta') layout.described.push(box);
    if (box.type === 'sidx') {
      layout = { ...layout, indexedEnd: Math.max(layout.indexedEnd, await indexedEnd(source, box)) };
    }
  }
  return layout;
}

const MOST_MOOFS = 64;

/** Returns a function that takes items one by one and returns at most 64 of them, spread evenly over all so far. */
function evenSample<T>(): (next: T) => readonly T[] {
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

/** Cameras write boxes of their own at the top level; one that does not fit into the file counts as stray bytes. */
const isForeignBox = ({ type, end, open }: Mp4Box, source: ByteSource) =>
  /^[\x20-\x7e\xa9]{4}$/.test(type) && end <= source.size && !open;

/** Throws `truncated` where fewer than 8 bytes follow a fragmented file's last box: they begin another fragment, unless all are zero. */
async function refuseCutHeader(source: ByteSource, { end, lastMoof }: TopLevel): Promise<void> {
  if (!lastMoof || source.size - end >= 8) return;
  const rest = await source.read(end, 8);
  if (rest.some((byte) => byte !== 0))
    throw truncated(source, `only ${rest.length} bytes of a box are left at byte ${end}`);
}

/** Throws `not-video` for a picture (HEIC, AVIF) with a film behind it, whose index would count from the film's beginning. */
async function refuseMotionPhoto(source: ByteSource): Promise<void> {
  const head = (await source.read(0, 12)).toString('latin1');
  const film = PICTURE.test(head) ? await filmBehindPicture(source) : undefined;
  if (!film) return;
  const { what, advice } = asMotionPhoto(film);
  throw notVideo(source, what, advice);
}

const PICTURE = /ftyp(?:hei[cxms]|mif[12]|avif)$/;

function withoutMoov(source: ByteSource, { described, lastMoof }: TopLevel) {
  if (described.some(({ type }) => type === 'meta')) return notVideo(source, 'a HEIC or AVIF picture');
  if (lastMoof)
    return broken(source, 'it is a piece of a stream without its beginning (no moov box); join the pieces first');
  return truncated(source, 'it has no index (moov box), which is written last: the recording or copy did not finish');
}

/** Covers take a few MB; ffprobe needs minutes and GB of memory for a tag of 200 MB. */
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

function refuseMissingData(source: ByteSource, { indexedEnd: announced }: TopLevel, samplesEnd: number): void {
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

function refuseNoFrames(source: ByteSource, tracks: readonly Mp4Track[], { end }: TopLevel): void {
  const pictures = tracks.filter(({ handler }) => handler === 'vide');
  if (pictures.length === 0 || pictures.some(({ samples }) => samples > 0)) return;
  if (end < source.size) throw truncated(source, `only the beginning of its first fragment is there, at byte ${end}`);
  throw noFrames(source);
}
