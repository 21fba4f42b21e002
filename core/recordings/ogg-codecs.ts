import { opusSamples } from '../bytes/opus-end.ts';
import { vorbisModes } from './vorbis-modes.ts';

/** What the first packet of an Ogg stream says of it, as far as chained recordings of it can be joined. Times are in units: frames, or samples. */
export type OggCodec = {
  /** An index (Skeleton) has no times of its own, and says where those of others lie. */
  readonly kind: 'picture' | 'sound' | 'index';
  readonly unitsASecond: number;
  /** Whether a page that begins with these bytes belongs to the header. */
  isHeader(body: Buffer): boolean;
  /** How long a packet is by its first two bytes, and by those of the one before; NaN where these do not tell. */
  unitsOf(packet: Buffer, before: Buffer | undefined): number;
  /** Whether a demuxer counts the times of a page back from its end, by blocks of which it forgets the last one (0179). */
  readonly isCountedBack?: true;
  /** When what a granule position counts ends. */
  endOf(granule: bigint): number;
  /** How many pictures ago the last keyframe was; 0 for sound. */
  distanceIn(granule: bigint): number;
  /** Returns the granule position for a packet that ends at a time, so many pictures behind its keyframe. */
  granuleAt(units: number, distance: number): bigint;
  /** Returns the same granule position so many units later. */
  later(granule: bigint, units: number): bigint;
};

/** Reads what a stream is by the packets of its header, or by the first one of them; undefined for codecs whose times are not moved here. */
export function oggCodec(header: readonly Buffer[]): OggCodec | undefined {
  const [packet = Buffer.alloc(0), , setup] = header;
  const found = CODECS.find(
    ([mark, bytes]) => packet.length >= bytes && packet.toString('latin1', 0, mark.length) === mark,
  );
  const codec = found?.[2](packet, setup);
  return codec && codec.unitsASecond > 0 && Number.isFinite(codec.unitsASecond) ? codec : undefined;
}

/** Theora specification 6.2 and A.2.3: frames up to the keyframe, and in the low bits those behind it. */
function theora(packet: Buffer): OggCodec {
  const shift = BigInt((packet.readUInt16BE(40) >> 5) & 31);
  const behind = (granule: bigint) => granule & ((1n << shift) - 1n);
  const early = packet.readUIntBE(7, 3) < 0x030201 ? 1 : 0; // the first frame counted as 0
  return {
    ...{ kind: 'picture', unitsASecond: packet.readUInt32BE(22) / packet.readUInt32BE(26) },
    isHeader: ([first = 0]) => (first & 0x80) !== 0,
    unitsOf: () => 1,
    endOf: (granule) => Number((granule >> shift) + behind(granule)) + early,
    distanceIn: (granule) => Number(behind(granule)),
    granuleAt: (units, distance) => (BigInt(units - early - distance) << shift) | BigInt(distance),
    later: (granule, units) => granule + (BigInt(units) << shift),
  };
}

/** The mapping of VP8 into Ogg: frames in the high 32 bits, invisible ones before this one, and those behind the keyframe. */
function vp8(packet: Buffer): OggCodec {
  return {
    ...{ kind: 'picture', unitsASecond: packet.readUInt32BE(18) / packet.readUInt32BE(22) },
    isHeader: (body) => body.toString('latin1', 0, 5) === 'OVP80',
    unitsOf: ([first = 0]) => (first >> 4) & 1,
    endOf: (granule) => Number(granule >> 32n),
    distanceIn: (granule) => Number((granule >> 3n) & 0x7ffffffn),
    granuleAt: (units, distance) => (BigInt(units) << 32n) | (3n << 30n) | (BigInt(distance) << 3n),
    later: (granule, units) => granule + (BigInt(units) << 32n),
  };
}

/** Vorbis I 4.2.2 and 4.3.8: a packet gives a quarter of its block and one of the block before, and so the first one gives nothing. */
function vorbis(packet: Buffer, setup: Buffer | undefined): OggCodec {
  const blocks = packet.readUInt8(28);
  const isLong = setup ? vorbisModes(setup) : [];
  const modeBits = Math.max(0, 32 - Math.clz32(isLong.length - 1));
  const blockOf = ([first = 0]: Buffer): number => {
    const long = isLong[(first >> 1) & (2 ** modeBits - 1)];
    return long === undefined ? Number.NaN : 2 ** (long ? blocks >> 4 : blocks & 15);
  };
  return {
    ...{ kind: 'sound', unitsASecond: packet.readUInt32LE(12), isCountedBack: true },
    isHeader: ([first = 0]) => (first & 1) !== 0,
    unitsOf: (bytes, before) => (before ? (blockOf(before) + blockOf(bytes)) / 4 : 0),
    ...SAMPLES,
  };
}

/** RFC 7845 4 and 5.1: samples at 48 kHz, of which the first ones are not heard. */
function opus(packet: Buffer): OggCodec {
  const skipped = packet.readUInt16LE(10);
  return {
    ...{ kind: 'sound', unitsASecond: 48_000 },
    isHeader: (body) => ['OpusHead', 'OpusTags'].includes(body.toString('latin1', 0, 8)),
    unitsOf: (begin) => opusSamples(begin) ?? Number.NaN,
    ...SAMPLES,
    endOf: (granule) => Number(granule) - skipped,
    granuleAt: (units) => BigInt(units + skipped),
  };
}

const SAMPLES: Pick<OggCodec, 'endOf' | 'distanceIn' | 'granuleAt' | 'later'> = {
  endOf: Number,
  distanceIn: () => 0,
  granuleAt: BigInt,
  later: (granule, units) => granule + BigInt(units),
};

const skeleton = (): OggCodec => ({
  ...{ kind: 'index', unitsASecond: 1 },
  isHeader: () => true,
  unitsOf: () => 0,
  ...SAMPLES,
});

const CODECS: readonly (readonly [
  mark: string,
  leastBytes: number,
  read: (packet: Buffer, setup: Buffer | undefined) => OggCodec,
])[] = [
  ['\x80theora', 42, theora],
  ['OVP80\x01', 26, vp8],
  ['\x01vorbis', 30, vorbis],
  ['OpusHead', 19, opus],
  ['fishead\0', 8, skeleton],
];
