import type { Rational } from '../../core/units.ts';
import { malformed } from './byte-reader.ts';
import { FLAG, STARTCODE_BYTE } from './nut-format.ts';

/** The defaults that a frame's first byte stands for. */
type FrameCode = {
  readonly flags: number;
  readonly ptsDelta: number;
  readonly sizeMultiplier: number;
  readonly sizeLsb: number;
  readonly reserved: number;
  readonly headerIndex: number;
};

export type MainHeader = {
  readonly timeBases: readonly Rational[];
  /** One entry for each of the 256 values of a frame's first byte. */
  readonly frameCodes: readonly FrameCode[];
  /** Beginnings that small frames share and leave out of the file; the first is empty. */
  readonly elided: readonly Uint8Array[];
};

/** What a stream of either kind says of its times. */
export type StreamClock = { readonly timeBase: Rational; readonly ptsShift: number };

type SoundHeader = StreamClock & { readonly sampleRate: number; readonly channels: number };

export type StreamHeader = StreamClock & {
  readonly codecTag: number;
  readonly maxPtsDistance: number;
  readonly width: number;
  readonly height: number;
  readonly sar: Rational | undefined;
};

/** Reads the body of a packet whose checksum was verified. */
export class Cursor {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#offset;
  }

  varint(): number {
    let value = 0;
    for (;;) {
      const byte = this.take(1)[0] ?? 0;
      value = value * 128 + (byte & 127);
      if (value > Number.MAX_SAFE_INTEGER) throw malformed('a number beyond 2^53 in a header');
      if (byte < 128) return value;
    }
  }

  /** Passes over a number of any size: a packet's time of matching is 62 bits long where nothing is said of it. */
  skipNumber(): void {
    while ((this.take(1)[0] ?? 0) >= 128);
  }

  signed(): number {
    const coded = this.varint() + 1;
    return coded % 2 === 0 ? coded / 2 : -(coded - 1) / 2;
  }

  take(count: number): Uint8Array {
    if (count > this.left) throw malformed('a header shorter than it announces');
    this.#offset += count;
    return this.#bytes.subarray(this.#offset - count, this.#offset);
  }
}

/** Reads the main header of a NUT file of one stream (nut.txt, "main_header"). Throws `bad-input`. */
export function parseMainHeader(body: Uint8Array): MainHeader {
  const cursor = new Cursor(body);
  const version = cursor.varint();
  if (version !== 3) throw malformed(`version ${version}; only version 3 can be read`);
  const streams = cursor.varint();
  if (streams !== 1) throw malformed(`${streams} streams; only one raw video can be read`);
  cursor.varint(); // max_distance: a bound for seeking
  const timeBases = Array.from({ length: atMost(cursor.varint(), 256, 'time bases') }, () => parseTimeBase(cursor));
  const frameCodes = parseFrameCodes(cursor);
  return { timeBases, frameCodes, elided: parseElided(cursor) };
}

/** Reads the header of a stream of raw pictures (nut.txt, "stream_header"). Throws `bad-input`. */
export function parseStreamHeader(body: Uint8Array, timeBases: readonly Rational[]): StreamHeader {
  const cursor = new Cursor(body);
  const common = parseCommon(cursor, timeBases, { kind: VIDEO, name: 'video' });
  const [width, height, sarWidth, sarHeight] = [cursor.varint(), cursor.varint(), cursor.varint(), cursor.varint()];
  if (width < 1 || height < 1) throw malformed(`a picture of ${width}x${height}`);
  return {
    ...common,
    width,
    height,
    sar: sarWidth > 0 && sarHeight > 0 ? { num: sarWidth, den: sarHeight } : undefined,
  };
}

/** Reads the header of a stream of sound (nut.txt, "stream_header"). Throws `bad-input`. */
export function parseSoundHeader(body: Uint8Array, timeBases: readonly Rational[]): SoundHeader {
  const cursor = new Cursor(body);
  const { timeBase, ptsShift } = parseCommon(cursor, timeBases, { kind: SOUND, name: 'sound' });
  const [num, den, channels] = [cursor.varint(), cursor.varint(), cursor.varint()];
  if (num < 1 || den < 1 || channels < 1) throw malformed(`sound of ${channels} channels at ${num}/${den} Hz`);
  return { timeBase, ptsShift, sampleRate: num / den, channels };
}

/** Reads the header of a stream of data, as telemetry (nut.txt, "stream_header"). Throws `bad-input`. */
export const parseDataHeader = (body: Uint8Array, timeBases: readonly Rational[]): StreamClock =>
  parseCommon(new Cursor(body), timeBases, { kind: DATA, name: 'data' });

const VIDEO = 0;
const SOUND = 1;
const DATA = 3;

/** What the headers of all kinds of streams begin with. */
function parseCommon(
  cursor: Cursor,
  timeBases: readonly Rational[],
  wanted: { readonly kind: number; readonly name: string },
) {
  const [id, kind] = [cursor.varint(), cursor.varint()];
  if (id !== 0 || kind !== wanted.kind)
    throw malformed(
      `stream ${id} of class ${kind}; only stream 0 of class ${wanted.kind} (${wanted.name}) can be read`,
    );
  const tag = cursor.take(cursor.varint());
  const timeBase = timeBases[cursor.varint()];
  if (!timeBase) throw malformed('a stream without a time base');
  const ptsShift = atMost(cursor.varint(), 16, 'PTS bits');
  const maxPtsDistance = cursor.varint();
  cursor.varint(); // decode delay
  cursor.varint(); // flags
  cursor.take(cursor.varint()); // private data
  return { codecTag: tag.reduceRight((value, byte) => value * 256 + byte, 0), timeBase, ptsShift, maxPtsDistance };
}

function parseTimeBase(cursor: Cursor): Rational {
  const timeBase = { num: cursor.varint(), den: cursor.varint() };
  if (timeBase.num < 1 || timeBase.den < 1) throw malformed(`time base ${timeBase.num}/${timeBase.den}`);
  return timeBase;
}

/**
 * The 256 frame codes, which are written as runs. Within a run only the low part of the size grows, and a field that is
 * left out keeps its value from the run before.
 */
function parseFrameCodes(cursor: Cursor): FrameCode[] {
  const invalid = { flags: FLAG.invalid, ptsDelta: 0, sizeMultiplier: 1, sizeLsb: 0, reserved: 0, headerIndex: 0 };
  const codes: FrameCode[] = [];
  let [ptsDelta, sizeMultiplier, headerIndex] = [0, 1, 0];
  while (codes.length < 256) {
    const [flags, fields] = [cursor.varint(), cursor.varint()];
    if (fields > 0) ptsDelta = cursor.signed();
    if (fields > 1) sizeMultiplier = cursor.varint();
    if (fields > 2 && cursor.varint() !== 0) throw malformed('a frame code of a missing stream');
    const sizeLsb = fields > 3 ? cursor.varint() : 0;
    const reserved = fields > 4 ? cursor.varint() : 0;
    const count = fields > 5 ? cursor.varint() : sizeMultiplier - sizeLsb;
    if (fields > 6) cursor.skipNumber(); // match time
    if (fields > 7) headerIndex = cursor.varint();
    for (let field = 8; field < fields; field++) cursor.varint();
    if (count < 1) throw malformed(`a run of ${count} frame codes`);
    for (let i = 0; i < count; i++) {
      if (codes.length === STARTCODE_BYTE) codes.push(invalid);
      codes.push({ flags, ptsDelta, sizeMultiplier, sizeLsb: sizeLsb + i, reserved, headerIndex });
      if (codes.length > 256) throw malformed('more than 256 frame codes');
    }
  }
  return codes;
}

function parseElided(cursor: Cursor): Uint8Array[] {
  const elided: Uint8Array[] = [new Uint8Array(0)];
  if (cursor.left === 0) return elided;
  const more = atMost(cursor.varint(), 127, 'elision headers');
  for (let i = 0; i < more; i++) elided.push(cursor.take(cursor.varint()));
  return elided;
}

function atMost(value: number, most: number, what: string): number {
  if (value > most) throw malformed(`${value} ${what}; at most ${most} are possible`);
  return value;
}
