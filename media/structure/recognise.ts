import type { ByteSource } from './byte-source.ts';
import type { Family } from './families.ts';
import { TOP_BOXES } from './judge-mp4.ts';
import { PARTITION, RUN_IN_BYTES } from './judge-mxf.ts';
import { findPackets } from './ts-packets.ts';

const HEAD_BYTES = 4096;
const TS_SEARCH_BYTES = 64 * 1024;

/** The family a file belongs to by its first bytes, never by its name; undefined if it is none that we read. */
export async function recognise(source: ByteSource): Promise<Family | undefined> {
  const head = await source.read(0, HEAD_BYTES);
  const [family] = MARKS.find(([, is]) => is(head)) ?? [];
  if (family) return family;
  const stride = findPackets(await source.read(0, TS_SEARCH_BYTES))?.packing.stride;
  if (stride) return stride === 192 ? 'm2ts' : 'ts';
  const runIn = await source.read(0, RUN_IN_BYTES + PARTITION.length);
  return runIn.includes(PARTITION) ? 'mxf' : undefined;
}

type Is = (head: Buffer) => boolean;

/** The first `at + text.length` bytes of a file of this kind, one character a byte. */
export const begins =
  (text: string, at = 0): Is =>
  (head) =>
    head.toString('latin1', at, at + text.length) === text;

/** Apple's brands for sound alone begin with M4; the video brand is "M4V ". */
const isMp4: Is = (head) =>
  head.length >= 8 &&
  TOP_BOXES.has(head.toString('latin1', 4, 8)) &&
  !/^ftypM4[ABP] /.test(head.toString('latin1', 4, 12));

const NAL_START = '\0\0\x01';

/** A start code, with or without its leading zero, and then a NAL unit whose first byte passes. */
const startsNal =
  (is: (first: number, second: number) => boolean): Is =>
  (head) => {
    const at = [0, 1].find((zeros) => begins('\0'.repeat(zeros) + NAL_START)(head));
    const [first, second] = at === undefined ? [] : head.subarray(at + NAL_START.length);
    return first !== undefined && second !== undefined && is(first, second);
  };

/** Delimiter, SPS or SEI: what an Annex B stream may begin with. H.264 7.3.1. */
const isH264: Is = startsNal((first) => [6, 7, 9].includes(first & 0x1f) && first < 0x80);
/** VPS, SPS, delimiter or SEI on layer 0; the second byte is then the temporal id alone. HEVC 7.3.1.2. */
const isHevc: Is = startsNal((first, second) => [64, 66, 70, 78].includes(first) && second === 1);

const MARKS: readonly (readonly [Family, Is])[] = [
  ['matroska', begins('\x1a\x45\xdf\xa3')],
  ['riff', (head) => begins('RIFF')(head) && (begins('AVI ', 8)(head) || begins('AVIX', 8)(head))],
  ['ogg', begins('OggS\0')],
  ['flv', begins('FLV\x01')],
  ['asf', begins('\x30\x26\xb2\x75\x8e\x66\xcf\x11')],
  ['nut', begins('nut/multimedia container\0')],
  ['ivf', begins('DKIF\0\0')],
  ['raw-y4m', begins('YUV4MPEG2 ')],
  ['mxf', begins(PARTITION.toString('latin1'))],
  ['mp4', isMp4],
  ['ps', (head) => begins('\0\0\x01\xba')(head)],
  ['raw-mpeg', begins('\0\0\x01\xb3')],
  ['dv', (head) => begins('\x1f\x07\0')(head) && ((head[3] ?? 0) & 0x7f) === 0x3f],
  ['raw-hevc', isHevc],
  ['raw-h264', isH264],
];
