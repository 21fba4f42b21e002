import { boxByPath, boxesOf, type MemoryBox } from '../bytes/boxes.ts';
import type { CaptionBytes } from './read-captions.ts';

type CaptionTrackBox = { readonly trak: Buffer; readonly timescale: number };

export type StoredCaptions = {
  readonly packets: readonly CaptionBytes[];
  readonly samples: number;
  /** How many samples are broken, or hold anything else. */
  readonly damaged: number;
};

/** The mark of a pair of bytes by the box that it lies in: of the first field, and of the second one. */
const MARKS: Readonly<Record<string, number>> = { cdat: 0xfc, cdt2: 0xfd };

/**
 * Reads the samples of a track of CEA-608 (QuickTime File Format, "Closed Captioning Media"), whose bytes are handed in one behind the
 * other, with their times in the track. Of a broken sample the boxes before the damage are read. Undefined where its tables do not tell.
 */
export function storedCaptions({ trak, timescale }: CaptionTrackBox, bytes: Buffer): StoredCaptions | undefined {
  const [whole] = boxesOf(trak, 0, trak.length);
  const stbl = whole && boxByPath(trak, whole, 'mdia', 'minf', 'stbl');
  const [stsz, stts] = ['stsz', 'stts'].map((type) => stbl && boxByPath(trak, stbl, type));
  if (!stsz || !stts || stsz.end - stsz.body < 12 || stts.end - stts.body < 8) return undefined;
  const samples = trak.readUInt32BE(stsz.body + 8);
  const times = timesIn(trak, stts);
  const packets: CaptionBytes[] = [];
  let [at, damaged] = [0, 0];
  for (let i = 0; i < samples; i++) {
    const size = sizeIn(trak, stsz, i);
    const time = times.next().value;
    if (size === undefined || time === undefined || at + size > bytes.length) return undefined;
    const { data, isDamaged } = pairsIn(bytes.subarray(at, at + size));
    if (isDamaged) damaged++;
    packets.push({ seconds: time / timescale, data });
    at += size;
  }
  return { packets, samples, damaged };
}

function pairsIn(sample: Buffer): { readonly data: Buffer; readonly isDamaged: boolean } {
  const found: number[] = [];
  let isDamaged = false;
  let read = 0;
  for (const { type, body, end } of boxesOf(sample, 0, sample.length)) {
    const mark = MARKS[type];
    if (mark === undefined || (end - body) % 2 !== 0) isDamaged = true;
    else for (let at = body; at < end; at += 2) found.push(mark, sample.readUInt8(at), sample.readUInt8(at + 1));
    read = end;
  }
  return { data: Buffer.from(found), isDamaged: isDamaged || read < sample.length };
}

function sizeIn(trak: Buffer, { body, end }: MemoryBox, sample: number): number | undefined {
  const each = trak.readUInt32BE(body + 4);
  const at = body + 12 + 4 * sample;
  return each > 0 ? each : at + 4 <= end ? trak.readUInt32BE(at) : undefined;
}

/** The time of each sample in ticks, as long as the table goes (ISO/IEC 14496-12 8.6.1.2). */
function* timesIn(trak: Buffer, { body, end }: MemoryBox): Generator<number, undefined> {
  let time = 0;
  for (let at = body + 8; at + 8 <= end; at += 8) {
    const lasts = trak.readUInt32BE(at + 4);
    for (let left = trak.readUInt32BE(at); left > 0; left--) {
      yield time;
      time += lasts;
    }
  }
  return undefined;
}
