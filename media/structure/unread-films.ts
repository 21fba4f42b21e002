import { isAnnexB } from './judge-av1.ts';
import { beginsWith, type HeadTest, riffOf } from './recognise.ts';

const DECODED = 'ffmpeg -i SOURCE -c:v ffv1 -c:a flac NEW.mkv makes a film of it that is read';
const COPIED = 'ffmpeg -i SOURCE -c copy NEW.mkv makes a film of it that is read';

/** Films that are not read here, with what makes a film of each that is: copied where ffmpeg can put its packets into Matroska as they are. */
export const UNREAD_FILMS: readonly (readonly [what: string, advice: string, ...is: HeadTest[]])[] = [
  [
    'a RealMedia film',
    `the packets of its sound may all say one time, so that nothing tells whether it is in step; ${DECODED}`,
    beginsWith('.RMF'),
  ],
  [
    'bare AV1 of Annex B',
    'ffmpeg 5.1 loses the last picture of one; put it into a container by a later one: ffmpeg -framerate RATE -f av1 -i SOURCE -c copy NEW.mkv',
    isAnnexB,
  ],
  [
    'a recording of Windows Media Center (WTV)',
    COPIED,
    beginsWith('\xb7\xd8\0\x20\x37\x49\xda\x11\xa6\x4e\0\x07\xe9\x5e\xad\x8d'),
  ],
  [
    'a film of a broadcast server (GXF)',
    DECODED,
    (head) => beginsWith('\0\0\0\0\x01\xbc')(head) && beginsWith('\0\0\0\0\xe1\xe2', 10)(head), // the header of a packet (SMPTE 360M 7.1)
  ],
  ['a film of a game (RoQ)', DECODED, beginsWith('\x84\x10\xff\xff\xff\xff')],
  ['a film of a game (Smacker)', DECODED, binary('SMK2'), binary('SMK4')],
  ['a film of a game (Bink)', DECODED, binary('BIK'), binary('KB2')],
  ['a film of a game (4X)', DECODED, (head) => riffOf(head) === '4XMV'],
  ['a film of a game (Interplay MVE)', DECODED, beginsWith('Interplay MVE File\x1a\0')],
  ['a Flash presentation (SWF)', `if it holds a film, ${DECODED}`, binary('FWS'), binary('CWS'), binary('ZWS')],
  ['an Autodesk animation (FLI, FLC)', DECODED, isFlic],
  ['a film of a media player (AMV)', DECODED, (head) => riffOf(head) === 'AMV '],
  ['a film of NuppelVideo or MythTV', DECODED, beginsWith('NuppelVideo\0'), beginsWith('MythTVVideo\0')],
  ['a stream of Nullsoft (NSV)', DECODED, binary('NSVf'), binary('NSVs')],
  ['a recording of a Dahua camera (DHAV)', DECODED, binary('DHAV')],
  ['a film of a high-speed camera (Cine)', DECODED, beginsWith('CI\x2c\0')],
  ['a recording of Magic Lantern (MLV)', DECODED, binary('MLVI')],
];

/** Tests for letters with which a text may begin too: such a file has a zero byte near its beginning, and a text has none. */
function binary(mark: string): HeadTest {
  return (head) => beginsWith(mark)(head) && head.subarray(0, 64).includes(0);
}

/** The magic number follows the size of the file, and the header's flags of its colours are 8 bits. */
function isFlic(head: Buffer): boolean {
  return head.length >= 14 && [0xaf11, 0xaf12].includes(head.readUInt16LE(4)) && head.readUInt16LE(12) === 8;
}
