import type { ByteSource } from './byte-source.ts';
import type { Family } from './families.ts';
import { isBareAv1 } from './judge-av1.ts';
import { PARTITION, RUN_IN_BYTES } from './judge-mxf.ts';
import { TOP_BOXES } from './top-boxes.ts';
import { findPackets } from './ts-packets.ts';

const HEAD_BYTES = 4096;
const TS_SEARCH_BYTES = 64 * 1024;

/** Returns the family of a file by its first bytes, never by its name; undefined if it is none that is read here. */
export async function recognise(source: ByteSource): Promise<Family | undefined> {
  const head = await source.read(0, HEAD_BYTES);
  const [family] = MARKS.find(([, is]) => is(head)) ?? [];
  if (family) return family;
  const stride = findPackets(await source.read(0, TS_SEARCH_BYTES))?.packing.stride;
  if (stride) return stride === 192 ? 'm2ts' : 'ts';
  const runIn = await source.read(0, RUN_IN_BYTES + PARTITION.length);
  return runIn.includes(PARTITION) ? 'mxf' : undefined;
}

/** Tests the first bytes of a file. */
export type HeadTest = (head: Buffer) => boolean;

/** Returns a test for these bytes at offset `at`, given as one character for each byte. */
export const beginsWith =
  (text: string, at = 0): HeadTest =>
  (head) =>
    head.toString('latin1', at, at + text.length) === text;

/** Returns the form of a RIFF file, as "AVI ", by its first bytes; undefined for any other file. */
export const riffOf = (head: Buffer): string | undefined =>
  beginsWith('RIFF')(head) ? head.toString('latin1', 8, 12) : undefined;

/** Tests for MP4 or QuickTime, without Apple's brands for sound ("M4A ", "M4B ", "M4P "). */
const isMp4: HeadTest = (head) =>
  head.length >= 8 &&
  TOP_BOXES.has(head.toString('latin1', 4, 8)) &&
  !/^ftypM4[ABP] /.test(head.toString('latin1', 4, 12));

const NAL_START = '\0\0\x01';

/** Returns a test for a start code, with or without its leading zero, and a NAL unit whose first two bytes pass. */
const startsNal =
  (is: (first: number, second: number) => boolean): HeadTest =>
  (head) => {
    const at = [0, 1].find((zeros) => beginsWith('\0'.repeat(zeros) + NAL_START)(head));
    const [first, second] = at === undefined ? [] : head.subarray(at + NAL_START.length);
    return first !== undefined && second !== undefined && is(first, second);
  };

/** An H.264 stream in Annex B format begins with a delimiter, an SPS or an SEI (H.264 7.3.1). */
const isH264: HeadTest = startsNal((first) => [6, 7, 9].includes(first & 0x1f) && first < 0x80);
/** An HEVC stream begins with a VPS, SPS, delimiter or SEI on layer 0, whose second byte is the temporal id (HEVC 7.3.1.2). */
const isHevc: HeadTest = startsNal((first, second) => [64, 66, 70, 78].includes(first) && second === 1);

/** Recorders of Hikvision write a header of 40 bytes before the packs. */
const RECORDER = 'IMKH';

/** A track of a Video CD, as systems show it in a file: sectors of 2352 bytes with a pack in each (White Book). */
export const isVideoCd: HeadTest = (head) => riffOf(head) === 'CDXA';

const MARKS: readonly (readonly [Family, HeadTest])[] = [
  ['matroska', beginsWith('\x1a\x45\xdf\xa3')],
  ['riff', (head) => ['AVI ', 'AVIX'].includes(riffOf(head) ?? '')],
  ['ogg', beginsWith('OggS\0')],
  ['flv', beginsWith('FLV\x01')],
  ['asf', beginsWith('\x30\x26\xb2\x75\x8e\x66\xcf\x11')],
  ['nut', beginsWith('nut/multimedia container\0')],
  ['ivf', beginsWith('DKIF\0\0')],
  ['raw-y4m', beginsWith('YUV4MPEG2 ')],
  ['mxf', beginsWith(PARTITION.toString('latin1'))],
  ['mp4', isMp4],
  ['ps', (head) => ['\0\0\x01\xba', RECORDER].some((mark) => beginsWith(mark)(head)) || isVideoCd(head)],
  ['raw-mpeg', beginsWith('\0\0\x01\xb3')],
  ['dv', (head) => beginsWith('\x1f\x07\0')(head) && ((head[3] ?? 0) & 0x7f) === 0x3f],
  ['raw-av1', isBareAv1],
  ['raw-hevc', isHevc],
  ['raw-h264', isH264],
];
