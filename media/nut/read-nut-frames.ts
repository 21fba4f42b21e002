import { frameBytes, pixelFormatOfTag, RAW_PIXEL_FORMATS, type RawPixelFormat } from '../../core/film/raw-formats.ts';
import type { Rational } from '../../core/units.ts';
import { ByteReader, malformed } from './byte-reader.ts';
import { crcOf, FILE_ID, FLAG, LONG_PACKET, STARTCODE, STARTCODE_BYTE } from './nut-format.ts';
import {
  Cursor,
  type MainHeader,
  parseMainHeader,
  parseStreamHeader,
  type StreamClock,
  type StreamHeader,
} from './nut-header.ts';

export type NutFrame = {
  /** The presentation timestamp in ticks of `timeBase`. */
  readonly pts: number;
  readonly timeBase: Rational;
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: RawPixelFormat;
  readonly codecTag: number;
  readonly sar: Rational | undefined;
  /** The frame's own memory: all planes without padding. Whoever has the frame may keep or reuse it. */
  readonly data: Uint8Array;
};

type ReadNutOptions = {
  /** Allocates the memory for a frame, of exactly this length; by default each frame gets fresh memory. */
  readonly allocate?: (bytes: number) => Uint8Array;
};

const STARTCODES = new Set<bigint>(Object.values(STARTCODE));

/** The most bytes of a header: ffmpeg writes small ones. */
const MAX_HEADER_BYTES = 1 << 20;

/**
 * The frames of one raw video as `ffmpeg -fps_mode passthrough -enc_time_base -1 -c:v rawvideo -f nut pipe:1` writes
 * them, pulled one at a time. Throws `bad-input` for anything but valid NUT of a format in RAW_FORMATS; nothing is
 * skipped or guessed. A stream that was cut exactly between two frames looks complete, so callers must count frames and
 * check how the process ended.
 */
export async function* readNutFrames(
  stream: AsyncIterable<Uint8Array>,
  { allocate = (bytes: number): Uint8Array => Buffer.allocUnsafeSlow(bytes) }: ReadNutOptions = {},
): AsyncGenerator<NutFrame, void, undefined> {
  const reader = new ByteReader(stream);
  try {
    const { main, stream: video } = await readNutHeaders(reader, parseStreamHeader);
    const { codecTag, timeBase, width, height, sar } = video;
    const { pixelFormat, bytes } = formatOf(video);
    const clock = { main, stream: video, lastPts: 0 };
    for (;;) {
      const head = await nextFrameHead(reader, clock);
      if (!head) return;
      if (head.size !== bytes) throw malformed(`a frame of ${head.size} bytes instead of ${bytes}`);
      const data = allocate(bytes);
      data.set(head.elided);
      await reader.fill(data, head.elided.length);
      yield { pts: head.pts, timeBase, width, height, pixelFormat, codecTag, sar, data };
    }
  } finally {
    await reader.close();
  }
}

/** The most bytes of a frame; 16384x16384 in yuv444p12le is below it. */
const MAX_FRAME_BYTES = 2 ** 31 - 1;

function formatOf({ codecTag, width, height }: StreamHeader): { pixelFormat: RawPixelFormat; bytes: number } {
  const pixelFormat = pixelFormatOfTag(codecTag);
  if (!pixelFormat) {
    throw malformed(`unknown pixel format ${tagText(codecTag)}; there are: ${RAW_PIXEL_FORMATS.join(', ')}`);
  }
  const bytes = frameBytes(pixelFormat, width, height);
  if (bytes > MAX_FRAME_BYTES) throw malformed(`a picture of ${width}x${height}, ${bytes} bytes a frame`);
  return { pixelFormat, bytes };
}

/** A codec tag as text, such as XVID or RGB[15]. */
function tagText(tag: number): string {
  const bytes = [0, 8, 16, 24].map((shift) => (tag >>> shift) & 255);
  return bytes.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `[${byte}]`)).join('');
}

type NutClock = { readonly main: MainHeader; readonly stream: StreamClock; lastPts: number };
type FrameHead = { readonly pts: number; readonly size: number; readonly elided: Uint8Array };

/** The headers of a file of one stream, up to its first frame. */
export async function readNutHeaders<Header>(
  reader: ByteReader,
  parse: (body: Uint8Array, timeBases: MainHeader['timeBases']) => Header,
): Promise<{ readonly main: MainHeader; readonly stream: Header }> {
  if (await reader.atEnd()) throw malformed('it is empty');
  const id = new Uint8Array(FILE_ID.length);
  await reader.fill(id);
  if (Buffer.compare(id, FILE_ID) !== 0) throw malformed('it does not begin with the NUT file id');
  const main = parseMainHeader(await expectPacket(reader, 'main'));
  return { main, stream: parse(await expectPacket(reader, 'stream'), main.timeBases) };
}

async function expectPacket(reader: ByteReader, name: keyof typeof STARTCODE): Promise<Uint8Array> {
  reader.startChecksum();
  const startcode = await readStartcode(reader, await reader.byte());
  if (startcode !== STARTCODE[name]) throw malformed(`no ${name} header where one must be`);
  return readPacket(reader, startcode);
}

/** The head of the next frame, after all packets before it were read; undefined at the end. */
export async function nextFrameHead(reader: ByteReader, clock: NutClock): Promise<FrameHead | undefined> {
  while (!(await reader.atEnd())) {
    reader.startChecksum();
    const code = await reader.byte();
    if (code !== STARTCODE_BYTE) {
      const head = await readFrameHead(reader, code, clock);
      if (head) return head;
    } else {
      const startcode = await readStartcode(reader, code);
      if (startcode === STARTCODE.syncpoint) setPts(clock, await readPacket(reader, startcode));
      else await skipPacket(reader, startcode);
    }
  }
  return undefined;
}

async function readStartcode(reader: ByteReader, first: number): Promise<bigint> {
  let startcode = BigInt(first);
  for (let i = 1; i < 8; i++) startcode = startcode * 256n + BigInt(await reader.byte());
  if (!STARTCODES.has(startcode)) throw malformed(`no startcode before byte ${reader.position}`);
  return startcode;
}

/**
 * The number of bytes that follow in a packet, checksum included. The reader's checksum must have been started at the
 * startcode.
 */
async function packetLength(reader: ByteReader): Promise<number> {
  const length = await reader.varint();
  if (length < 4) throw malformed(`a packet of ${length} bytes before byte ${reader.position}`);
  if (length > LONG_PACKET) await expectChecksum(reader);
  return length;
}

async function readPacket(reader: ByteReader, startcode: bigint): Promise<Uint8Array> {
  const length = await packetLength(reader);
  if (length > MAX_HEADER_BYTES) throw malformed(`a header of ${length} bytes (startcode ${startcode.toString(16)})`);
  const body = new Uint8Array(length - 4);
  await reader.fill(body);
  reader.startChecksum(crcOf(body));
  await expectChecksum(reader);
  return body;
}

async function skipPacket(reader: ByteReader, startcode: bigint): Promise<void> {
  const length = await packetLength(reader);
  if (startcode !== STARTCODE.index && length > MAX_HEADER_BYTES) throw malformed(`a header of ${length} bytes`);
  await reader.skip(length);
}

async function expectChecksum(reader: ByteReader): Promise<void> {
  const expected = reader.checksum;
  if ((await reader.uint32()) !== expected) throw malformed(`a wrong checksum before byte ${reader.position}`);
}

/**
 * Sets the PTS to which the next frame's may be relative. A syncpoint encodes ticks and the index of their time base in
 * one number.
 */
function setPts(clock: NutClock, body: Uint8Array): void {
  const coded = new Cursor(body).varint();
  const { timeBases } = clock.main;
  const base = timeBases[coded % timeBases.length];
  if (!base) throw malformed('a syncpoint without a time base');
  const ticks = Math.floor(coded / timeBases.length);
  const [from, to] = [base, clock.stream.timeBase];
  const seconds = { num: BigInt(ticks) * BigInt(from.num), den: BigInt(from.den) };
  clock.lastPts = Number((seconds.num * BigInt(to.den)) / (seconds.den * BigInt(to.num)));
}

/** The head of a frame; undefined for a mark of the end of relevance, which no frame follows. */
async function readFrameHead(reader: ByteReader, code: number, clock: NutClock): Promise<FrameHead | undefined> {
  const frameCode = clock.main.frameCodes[code];
  if (!frameCode || frameCode.flags & FLAG.invalid) throw malformed(`frame code ${code} at byte ${reader.position}`);
  let { flags, headerIndex, reserved } = frameCode;
  if (flags & FLAG.coded) flags ^= await reader.varint();
  if (flags & FLAG.streamId && (await reader.varint()) !== 0) throw malformed('a frame of a second stream');
  const pts = flags & FLAG.codedPts ? fullPts(await reader.varint(), clock) : clock.lastPts + frameCode.ptsDelta;
  const size = frameCode.sizeLsb + (flags & FLAG.sizeMsb ? frameCode.sizeMultiplier * (await reader.varint()) : 0);
  if (flags & FLAG.matchTime) await reader.varint();
  if (flags & FLAG.headerIndex) headerIndex = await reader.varint();
  if (flags & FLAG.reserved) reserved = await reader.varint();
  for (let i = 0; i < reserved; i++) await reader.varint();
  if (flags & FLAG.checksum) await expectChecksum(reader);
  if (flags & FLAG.sideData) throw malformed('side data in a frame, which version 3 does not have');
  clock.lastPts = pts;
  if (flags & FLAG.endOfRelevance && size === 0) return undefined;
  const elided = clock.main.elided[size > 4096 ? 0 : headerIndex];
  if (!elided) throw malformed(`elision header ${headerIndex}`);
  return { pts, size, elided };
}

/**
 * The full PTS of a coded one, which is either its low bits, meaning the value nearest to the last PTS, or the whole
 * value above 2^ptsShift.
 */
function fullPts(coded: number, { stream, lastPts }: NutClock): number {
  const range = 2 ** stream.ptsShift;
  if (coded >= range) return coded - range;
  const lowest = lastPts - Math.floor((range - 1) / 2);
  return lowest + ((((coded - lowest) % range) + range) % range);
}
