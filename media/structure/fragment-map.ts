import { ServiceError } from '../../core/errors.ts';
import type { Fragment, FragmentMap, SegmentIndex } from '../../core/film/fragments.ts';
import type { Size } from '../../core/film/frame-size.ts';
import { type ByteSource, withByteSource } from './byte-source.ts';
import { type Box, boxesIn, childrenOf, findBox, payloadOf, payloadStart } from './mp4-boxes.ts';

const LARGEST_RUN = 1 << 20;

/** The boxes and fragments of a fragmented MP4 of ours, read from its bytes. Throws `not-exact` where it is none. */
export const fragmentMap = (path: string, signal: AbortSignal): Promise<FragmentMap> =>
  withByteSource(path, signal, async (source) => {
    const head: string[] = [];
    const fragments: Fragment[] = [];
    let picture: Picture | undefined;
    let initBytes = 0;
    let moof: Box | undefined;
    let index: SegmentIndex | undefined;
    let soundIndex: SegmentIndex | undefined;
    for await (const box of boxesIn(source, 0, source.size)) {
      if (box.type === 'moof') moof = box;
      else if (!moof) head.push(box.type);
      if (box.type === 'moov') {
        picture = await pictureTrack(source, box);
        initBytes = box.end;
      }
      if (box.type === 'sidx' && picture) {
        const { track, ...found } = await segmentIndex(source, box);
        if (track === picture.id) index ??= found;
        else soundIndex ??= found;
      }
      if (box.type === 'mdat' && moof && picture) {
        fragments.push({ start: moof.start, end: box.end, ...(await runsOf(source, moof, picture)) });
      }
    }
    if (!picture || fragments.length === 0) throw new ServiceError('not-exact', `${source.name} has no fragments`);
    return { head, initBytes, index, soundIndex, shown: picture.shown, fragments };
  });

type Picture = {
  readonly id: number;
  readonly shown: Size;
  readonly timescale: number;
  readonly duration: number;
  readonly flags: number;
};

/** The picture's track, and what its samples are if nobody says: tkhd, mdhd, trex (ISO/IEC 14496-12 8.3.2, 8.4.2, 8.8.3). */
async function pictureTrack(source: ByteSource, moov: Box): Promise<Picture> {
  for await (const track of childrenOf(source, moov)) {
    const handler = track.type === 'trak' ? await findBox(source, track, 'mdia', 'hdlr') : undefined;
    if (!handler || (await payloadStart(source, handler, 12)).toString('latin1', 8, 12) !== 'vide') continue;
    const header = await findBox(source, track, 'tkhd');
    const media = await findBox(source, track, 'mdia', 'mdhd');
    if (!header || !media) continue;
    const { id, shown } = readTrackHeader(await payloadOf(source, header, LARGEST_RUN));
    const times = await payloadStart(source, media, 24);
    const timescale = times.readUInt32BE(times.readUInt8(0) === 1 ? 20 : 12);
    return { id, shown, timescale, ...(await sampleDefaults(source, moov, id)) };
  }
  throw new ServiceError('not-exact', `${source.name} has no picture track`);
}

/** Its size is 16.16 fixed point, before its matrix turns it (8.3.2). */
function readTrackHeader(tkhd: Buffer): Pick<Picture, 'id' | 'shown'> {
  const later = tkhd.readUInt8(0) === 1 ? 12 : 0; // 64-bit times
  const [width, height] = [76, 80].map((at) => Math.round(tkhd.readUInt32BE(at + later) / 0x1_0000));
  const [a, d] = [40, 56].map((at) => tkhd.readInt32BE(at + later));
  const upright = { width: width ?? 0, height: height ?? 0 };
  const turned = a === 0 && d === 0;
  return {
    id: tkhd.readUInt32BE(12 + (later && 8)),
    shown: turned ? { width: upright.height, height: upright.width } : upright,
  };
}

async function sampleDefaults(source: ByteSource, moov: Box, id: number) {
  const mvex = await findBox(source, moov, 'mvex');
  if (mvex) {
    for await (const box of childrenOf(source, mvex)) {
      const trex = await payloadStart(source, box, 24);
      if (box.type === 'trex' && trex.readUInt32BE(4) === id)
        return { duration: trex.readUInt32BE(12), flags: trex.readUInt32BE(20) };
    }
  }
  return { duration: 0, flags: 0 };
}

async function segmentIndex(source: ByteSource, box: Box): Promise<SegmentIndex & { readonly track: number }> {
  const sidx = await payloadOf(source, box, LARGEST_RUN);
  const from = sidx.readUInt8(0) === 0 ? 24 : 32; // times and offsets of 32 or of 64 bits
  const references = Array.from({ length: sidx.readUInt16BE(from - 2) }, (_, i) => ({
    bytes: sidx.readUInt32BE(from + 12 * i) & 0x7fff_ffff,
    startsWithAccessPoint: sidx.readUInt8(from + 12 * i + 8) >= 0x80,
  }));
  return { track: sidx.readUInt32BE(4), start: box.start + box.headerBytes + from, references };
}

/** Begin, length and first picture of one fragment: tfhd, tfdt, trun (8.8.7, 8.8.12, 8.8.8). */
async function runsOf(source: ByteSource, moof: Box, picture: Picture) {
  let begin = 0;
  let ticks = 0;
  let pictures = 0;
  let sounds = 0;
  let keyframe: boolean | undefined;
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for await (const traf of childrenOf(source, moof)) {
    const header = traf.type === 'traf' ? await findBox(source, traf, 'tfhd') : undefined;
    if (!header) continue;
    const defaults = readHeader(await payloadOf(source, header, LARGEST_RUN), picture);
    if (!defaults) {
      sounds += await samplesOf(source, traf);
      continue;
    }
    for await (const box of childrenOf(source, traf)) {
      if (box.type === 'tfdt') begin = readTime(await payloadOf(source, box, LARGEST_RUN));
      if (box.type !== 'trun') continue;
      const run = readRun(await payloadOf(source, box, LARGEST_RUN), defaults);
      from = Math.min(from, begin + ticks + run.from);
      to = Math.max(to, begin + ticks + run.to);
      ticks += run.ticks;
      pictures += run.pictures;
      keyframe ??= run.keyframe;
    }
  }
  const { timescale } = picture;
  return {
    startSeconds: begin / timescale,
    durationSeconds: ticks / timescale,
    shown: { from: from / timescale, to: to / timescale },
    pictures,
    sounds,
    keyframe: keyframe ?? false,
  };
}

async function samplesOf(source: ByteSource, traf: Box): Promise<number> {
  let samples = 0;
  for await (const box of childrenOf(source, traf)) {
    if (box.type === 'trun') samples += (await payloadStart(source, box, 8)).readUInt32BE(4);
  }
  return samples;
}

const readTime = (tfdt: Buffer) => (tfdt.readUInt8(0) === 1 ? Number(tfdt.readBigUInt64BE(4)) : tfdt.readUInt32BE(4));

function readHeader(tfhd: Buffer, picture: Picture): Pick<Picture, 'duration' | 'flags'> | undefined {
  if (tfhd.readUInt32BE(4) !== picture.id) return undefined;
  const present = tfhd.readUInt32BE(0) & 0xff_ffff;
  let at = 8 + (present & 0x1 ? 8 : 0) + (present & 0x2 ? 4 : 0);
  const next = (bit: number, otherwise: number) => {
    if (!(present & bit)) return otherwise;
    const value = tfhd.readUInt32BE(at);
    at += 4;
    return value;
  };
  const duration = next(0x8, picture.duration);
  next(0x10, 0); // the size
  return { duration, flags: next(0x20, picture.flags) };
}

/** A sample is no keyframe where its flags say that it is not one, or that it depends on others. */
const NOT_SYNC = 0x1_0000;

/** Its samples' ticks altogether, and between which of them, counted from its beginning, its pictures are shown. */
function readRun(trun: Buffer, { duration, flags }: Pick<Picture, 'duration' | 'flags'>) {
  const isSigned = trun.readUInt8(0) > 0;
  const present = trun.readUInt32BE(0) & 0xff_ffff;
  const count = trun.readUInt32BE(4);
  let at = 8 + (present & 0x1 ? 4 : 0);
  let first = present & 0x4 ? trun.readUInt32BE(at) : undefined;
  at += present & 0x4 ? 4 : 0;
  let [ticks, from, to] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < count; i++) {
    const lasts = present & 0x100 ? trun.readUInt32BE(at) : duration;
    at += (present & 0x100 ? 4 : 0) + (present & 0x200 ? 4 : 0);
    if (i === 0) first ??= present & 0x400 ? trun.readUInt32BE(at) : flags;
    at += present & 0x400 ? 4 : 0;
    const later = present & 0x800 ? (isSigned ? trun.readInt32BE(at) : trun.readUInt32BE(at)) : 0;
    at += present & 0x800 ? 4 : 0;
    from = Math.min(from, ticks + later);
    to = Math.max(to, ticks + later + lasts);
    ticks += lasts;
  }
  return { pictures: count, ticks, from, to, keyframe: ((first ?? flags) & NOT_SYNC) === 0 };
}
