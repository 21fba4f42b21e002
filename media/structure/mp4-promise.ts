import { behindDates } from '../../core/bytes/boxes.ts';
import { type PictureFragment, samplesOf, unorderedSamples } from '../../core/film/picture-fragments.ts';
import type { Promised } from '../../core/film/promised.ts';
import type { ByteSource } from './byte-source.ts';
import { boxesIn, childrenOf, findBox, type Mp4Box, payloadStart, trackBoxesIn } from './mp4-boxes.ts';
import { indexedDurations } from './mp4-fragments.ts';
import { pictureFragments } from './mp4-picture-fragments.ts';
import { readTrack } from './mp4-tracks.ts';

/**
 * Returns what an MP4 announces of its picture: the length of its fragments by `sidx`, else by `mfra`, and the samples of its
 * fragments, of which a demuxer reads fewer where they are out of order; or, where the file is cut short or samples have no description,
 * the count of samples in its tables. Other whole tables announce nothing that the packets do not show as well. `known` are its
 * fragments where somebody has read them.
 */
export async function mp4Promise(source: ByteSource, known?: readonly PictureFragment[]): Promise<Promised> {
  let [moov, mfra]: [Mp4Box | undefined, Mp4Box | undefined] = [undefined, undefined];
  const indexes: Mp4Box[] = [];
  let hasFragments = false;
  for await (const box of boxesIn(source, 0, source.size)) {
    if (box.end > source.size || box.open) break;
    if (box.type === 'moov') moov ??= box;
    if (box.type === 'sidx') indexes.push(box);
    if (box.type === 'moof') hasFragments = true;
  }
  mfra = await randomAccess(source);
  const picture = moov && (await pictureOf(source, moov));
  if (!picture) return {};
  const fragments = known ?? (hasFragments && moov ? await pictureFragments(source, moov) : []);
  const [samples, unordered] = [samplesOf(fragments), unorderedSamples(fragments)];
  const frames = samples > 0 && { frames: samples + picture.samples, ...(unordered > 0 && { unordered }) };
  const bySidx = await secondsBySidx(source, indexes, picture.id);
  if (bySidx) return { ...bySidx, ...frames };
  const seconds = mfra && (await secondsByMfra(source, mfra, picture));
  if (seconds !== undefined) return { seconds, ...frames };
  if (frames) return frames;
  return picture.dataEnd > source.size || picture.undescribed > 0 ? { frames: picture.samples } : {};
}

/** Returns the first picture track, with its number and timescale. */
async function pictureOf(source: ByteSource, moov: Mp4Box) {
  for await (const trak of trackBoxesIn(source, moov)) {
    const track = await readTrack(source, trak);
    const tkhd = await findBox(source, trak, 'tkhd');
    const mdhd = await findBox(source, trak, 'mdia', 'mdhd');
    if (track.handler !== 'vide' || !tkhd || !mdhd) continue;
    return { ...track, id: await numberBehindDates(source, tkhd), timescale: await numberBehindDates(source, mdhd) };
  }
  return undefined;
}

async function numberBehindDates(source: ByteSource, header: Mp4Box): Promise<number> {
  const at = behindDates(await payloadStart(source, header, 1));
  return (await payloadStart(source, header, at + 4)).readUInt32BE(at);
}

/** Returns the track's length by its indexes. An index of indexes repeats their durations, so the larger sum is taken. */
async function secondsBySidx(
  source: ByteSource,
  indexes: readonly Mp4Box[],
  id: number,
): Promise<Promised | undefined> {
  let [media, others, found, isWhole] = [0, 0, false, true];
  for (const box of indexes) {
    const index = await indexedDurations(source, box);
    if (index.track !== id || index.timescale === 0) continue;
    found = true;
    media += index.media / index.timescale;
    others += index.indexes / index.timescale;
    isWhole &&= index.end <= source.size;
  }
  return found ? { seconds: Math.max(media, others), isWhole } : undefined;
}

const MFRO_BYTES = 16;

/** Returns the `mfra` box, whose last inner box `mfro` ends the file and states the size of `mfra`. */
async function randomAccess(source: ByteSource): Promise<Mp4Box | undefined> {
  const mfro = await source.read(Math.max(0, source.size - MFRO_BYTES), MFRO_BYTES);
  if (mfro.length < MFRO_BYTES || mfro.toString('latin1', 4, 8) !== 'mfro') return undefined;
  const start = source.size - mfro.readUInt32BE(12);
  for await (const box of boxesIn(source, start, source.size)) return box.type === 'mfra' ? box : undefined;
  return undefined;
}

/** Returns the time from the first to the last fragment. The last one's duration is not stated, so it is not counted. */
async function secondsByMfra(
  source: ByteSource,
  mfra: Mp4Box,
  { id, timescale }: { readonly id: number; readonly timescale: number },
): Promise<number | undefined> {
  for await (const tfra of childrenOf(source, mfra)) {
    if (tfra.type !== 'tfra' || timescale === 0) continue;
    const head = await payloadStart(source, tfra, 16);
    const count = head.readUInt32BE(12);
    if (head.readUInt32BE(4) !== id || count < 2) continue;
    const isWide = head.readUInt8(0) === 1;
    const numbers = head.readUInt8(11);
    const width = (isWide ? 16 : 8) + 3 + (numbers & 3) + ((numbers >> 2) & 3) + ((numbers >> 4) & 3);
    const timeAt = async (entry: number) => {
      const bytes = await source.read(tfra.start + tfra.headerBytes + 16 + entry * width, isWide ? 8 : 4);
      if (bytes.length < 4 || tfra.start + tfra.headerBytes + 16 + (entry + 1) * width > tfra.end) return undefined;
      return (isWide ? Number(bytes.readBigUInt64BE(0)) : bytes.readUInt32BE(0)) / timescale;
    };
    const [first, last] = [await timeAt(0), await timeAt(count - 1)];
    if (first === undefined || last === undefined || last <= first) return undefined;
    return last - first;
  }
  return undefined;
}
