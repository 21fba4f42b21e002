/** The types of top-level boxes. A file that begins with one of them is an MP4; a cut one makes it truncated. */
export const TOP_BOXES: ReadonlySet<string> = new Set(
  'ftyp moov mdat moof free skip wide styp sidx ssix prft emsg mfra meta uuid pdin pnot udta junk PICT'.split(' '),
);
