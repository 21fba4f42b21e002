export const HOLDS_POSITIONS = 'it points at bytes of the source, which lie elsewhere in the rendition';

const OF_AN_ENCRYPTION = 'it belongs to an encryption that is not there';
const OF_HINTS = 'it belongs to hints, by which a server sends the source; they are not there';
const OF_FRAGMENTS = 'it belongs to fragments that are not there';
const WHOLE_PICTURE = 'the whole picture is there';

/** What keeps a box out of the rendition, by its type; `uuid` boxes by their id in hexadecimal. */
export const BOX_REASONS: Readonly<Record<string, string>> = {
  chpl: 'the chapters are written anew',
  pnot: 'it names the preview picture of the old file',
  ncdt: "it is a Nikon's own data, which AVI alone has a place for; keep the source",
  'gps ': `${HOLDS_POSITIONS}; the bytes themselves lie beside an archive, and gpx=true writes a dashcam's positions`,
  cmov: 'it is a packed index that could not be unpacked here, so that what the film says of itself is lost; keep the source',
  hnti: OF_HINTS,
  hinf: OF_HINTS,
  ctab: 'it is a table of colours for screens of 256 colours',
  clip: `it is a shape to which QuickTime cut the picture; ${WHOLE_PICTURE}`,
  matt: `it is a mask that QuickTime laid over the picture; ${WHOLE_PICTURE}`,
  kmat: `it is a mask that QuickTime laid over the picture; ${WHOLE_PICTURE}`,
  load: 'it says how QuickTime loads the track before it plays',
  imap: 'it leads one track of QuickTime into another',
  txas: 'it says that QuickTime does not choose the track by itself',
  trgr: 'it groups the tracks of the source by their numbers',
  ainf: 'it identifies the file of a shop (Common File Format)',
  emsg: 'it is an event for the players of a stream; keep the source',
  prft: 'it says at what time of day a fragment was made, and fragments are not there',
  '50524f4621d24fcebb88695cfac9c740': 'it describes streams that were encoded again',
  d08a4f1810f34a82b6c832d8aba183d3: OF_AN_ENCRYPTION,
  a2394f525a9b4f14a2446c427c648df4: OF_AN_ENCRYPTION,
  '6d1d9b0542d544e680e2141daff757b2': OF_FRAGMENTS,
  d4807ef2ca3946958e5426cb9e46a79f: OF_FRAGMENTS,
  ffcc8263f8554a938814587a02521fdd: 'it is carried with the marks of a sphere',
};
