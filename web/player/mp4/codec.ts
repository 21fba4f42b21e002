import { type Box, boxBelow, boxesIn, typeAt, u32 } from './boxes.ts';

/** The `codecs` parameter (RFC 6381) of a sample entry, as Media Source Extensions ask for it. */
export function codecOf(bytes: Uint8Array, entry: Box, isPicture: boolean): string {
  const within = { body: entry.body + (isPicture ? 78 : 28), end: entry.end };
  const record = (type: string) => {
    const box = boxBelow(bytes, within, type);
    return box && bytes.subarray(box.body, box.end);
  };
  const avc = record('avcC');
  if (avc) return `avc1.${[1, 2, 3].map((i) => hex(avc[i], 2)).join('')}`;
  const hevc = record('hvcC');
  if (hevc) return hevcOf(entry.type === 'hev1' ? 'hev1' : 'hvc1', hevc);
  const av1 = record('av1C');
  if (av1) return av1Of(av1);
  const vp9 = record('vpcC');
  if (vp9) return `vp09.${[4, 5].map((i) => two(vp9[i])).join('.')}.${two((vp9[6] ?? 0) >> 4)}`;
  const esds = record('esds');
  if (esds) return aacOf(esds);
  return { Opus: 'opus', fLaC: 'flac' }[entry.type] ?? entry.type;
}

const hex = (value = 0, digits = 1) => value.toString(16).toUpperCase().padStart(digits, '0');
const two = (value = 0) => String(value).padStart(2, '0');

/** ISO/IEC 14496-15 annex E.3. */
function hevcOf(name: string, record: Uint8Array): string {
  const profile = record[1] ?? 0;
  let flags = 0;
  const compatibility = u32(record, 2);
  for (let bit = 0; bit < 32; bit++) if (compatibility & (2 ** bit)) flags += 2 ** (31 - bit);
  const constraints = [...record.subarray(6, 12)];
  while (constraints.at(-1) === 0) constraints.pop();
  const space = ['', 'A', 'B', 'C'][profile >> 6] ?? '';
  const level = `${profile & 0x20 ? 'H' : 'L'}${record[12]}`;
  return [name, `${space}${profile & 0x1f}`, hex(flags), level, ...constraints.map((each) => hex(each))].join('.');
}

function av1Of(record: Uint8Array): string {
  const [, second = 0, third = 0] = record;
  const bits = third & 0x40 ? (third & 0x20 ? 12 : 10) : 8;
  return `av01.${second >> 5}.${two(second & 0x1f)}${third & 0x80 ? 'H' : 'M'}.${two(bits)}`;
}

/** Walks the descriptors: ES (3), decoder configuration (4) with the object type, and AAC's own object type (5). */
function aacOf(esds: Uint8Array): string {
  let [at, type] = [4, 0];
  while (at < esds.length) {
    const tag = esds[at++];
    while ((esds[at] ?? 0) & 0x80) at++;
    at++;
    if (tag === 3) at += 3 + ((esds[at + 2] ?? 0) & 0x80 ? 2 : 0);
    else if (tag === 4) {
      type = esds[at] ?? 0;
      at += 13;
    } else if (tag === 5) {
      const first = (esds[at] ?? 0) >> 3;
      const object = first === 31 ? 32 + (((esds[at] ?? 0) & 7) << 3) + ((esds[at + 1] ?? 0) >> 5) : first;
      return `mp4a.${hex(type, 2)}.${object}`;
    } else break;
  }
  return type === 0x40 || type === 0 ? 'mp4a.40.2' : `mp4a.${hex(type, 2)}`;
}

/** Whether a sample entry says that its picture is a sphere (`sv3d`), and how two eyes lie in it (`st3d`). */
export function sphereOf(bytes: Uint8Array, entry: Box): 'mono' | 'top-bottom' | 'left-right' | undefined {
  const boxes = boxesIn(bytes, entry.body + 78, entry.end);
  if (!boxes.some(({ type }) => type === 'sv3d')) return undefined;
  const stereo = boxes.find(({ type }) => type === 'st3d');
  const mode = stereo ? bytes[stereo.body + 4] : 0;
  return mode === 1 ? 'top-bottom' : mode === 2 ? 'left-right' : 'mono';
}

/** The first sample entry of a track. */
export function sampleEntryOf(bytes: Uint8Array, track: Box): Box | undefined {
  const stsd = boxBelow(bytes, track, 'mdia/minf/stbl/stsd');
  return stsd && boxesIn(bytes, stsd.body + 8, stsd.end)[0];
}

/** Returns the handler type of a track (`vide`, `soun`); '' where it states none. */
export const handlerOf = (bytes: Uint8Array, track: Box): string => {
  const hdlr = boxBelow(bytes, track, 'mdia/hdlr');
  return hdlr ? typeAt(bytes, hdlr.body + 8) : '';
};
