/** What an AV1 sequence header says of colour (AV1 specification, 5.5.2), as numbers of ITU-T H.273. */
type Av1Colour = {
  readonly monochrome: number;
  /** Subsampling of chroma across and down, and where its samples lie, as three digits: 110 for 4:2:0. */
  readonly chroma: string;
  readonly primaries: number;
  readonly transfer: number;
  readonly matrix: number;
  readonly fullRange: number;
};

const SEQUENCE_HEADER = 1;
const UNSPECIFIED = 2;

/** Reads the sequence header that the OBUs of a decoder configuration record begin with; undefined if they do not. */
export function av1Colour(obus: Uint8Array): Av1Colour | undefined {
  const header = obus[0] ?? 0;
  if (((header >> 3) & 15) !== SEQUENCE_HEADER) return undefined;
  let at = header & 4 ? 2 : 1; // an extension of one byte
  if (header & 2) while ((obus[at++] ?? 0) & 128); // its size
  return colourOf(bitReader(obus.subarray(at)));
}

type BitReader = (bits: number) => number;

/** Bits behind the end read as 0. */
function bitReader(bytes: Uint8Array): BitReader {
  let at = 0;
  return (bits) => {
    let value = 0;
    for (let i = 0; i < bits; i++, at++) value = value * 2 + (((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
    return value;
  };
}

function colourOf(read: BitReader): Av1Colour {
  const profile = read(3);
  read(1); // whether it is a still picture
  const isReduced = read(1) === 1;
  if (isReduced) read(5);
  else skipOperatingPoints(read);
  const widthBits = read(4) + 1;
  const heightBits = read(4) + 1;
  read(widthBits);
  read(heightBits);
  if (!isReduced && read(1)) read(7); // the lengths of frame numbers
  read(3); // superblocks, filters within pictures
  if (!isReduced) skipTools(read);
  read(3); // super-resolution, cdef, restoration
  return readColour(profile, read);
}

function skipOperatingPoints(read: BitReader): void {
  let delayBits = 0;
  if (read(1)) {
    read(64);
    if (read(1)) skipUvlc(read);
    if (read(1)) {
      delayBits = read(5) + 1;
      read(42);
    }
  }
  const hasDelays = read(1);
  const points = read(5) + 1;
  for (let point = 0; point < points; point++) {
    read(12);
    if (read(5) > 7) read(1); // the level, and a tier from level 4.0 on
    if (delayBits > 0 && read(1)) read(2 * delayBits + 1);
    if (hasDelays && read(1)) read(4);
  }
}

function skipUvlc(read: BitReader): void {
  let zeros = 0;
  while (zeros < 32 && !read(1)) zeros++;
  read(zeros);
}

function skipTools(read: BitReader): void {
  read(4);
  const hasOrder = read(1);
  if (hasOrder) read(2);
  const screen = read(1) ? 2 : read(1);
  if (screen > 0 && !read(1)) read(1);
  if (hasOrder) read(3);
}

function readColour(profile: number, read: BitReader): Av1Colour {
  const isDeep = read(1) === 1;
  const isTwelve = profile === 2 && isDeep && read(1) === 1;
  const monochrome = profile === 1 ? 0 : read(1);
  const isDescribed = read(1) === 1;
  const [primaries, transfer, matrix] = isDescribed
    ? [read(8), read(8), read(8)]
    : [UNSPECIFIED, UNSPECIFIED, UNSPECIFIED];
  if (monochrome) return { monochrome, chroma: '110', primaries, transfer, matrix, fullRange: read(1) };
  if (primaries === 1 && transfer === 13 && matrix === 0)
    return { monochrome, chroma: '000', primaries, transfer, matrix, fullRange: 1 };
  const fullRange = read(1);
  const across = profile === 0 ? 1 : profile === 1 ? 0 : isTwelve ? read(1) : 1;
  const down = profile === 0 ? 1 : isTwelve && across ? read(1) : 0;
  const position = across && down ? read(2) : 0;
  return { monochrome, chroma: `${across}${down}${position}`, primaries, transfer, matrix, fullRange };
}
