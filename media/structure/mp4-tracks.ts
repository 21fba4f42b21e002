import { refuseLargePicture } from '../../core/film/limits.ts';
import type { ByteSource } from './byte-source.ts';
import { childrenOf, findBox, type Mp4Box, nameOf, payloadStart } from './mp4-boxes.ts';
import { refuseEncryptedEntry, refuseEncryptedSamples } from './mp4-encryption.ts';
import { sampleDataEnd, sampleTables, undescribedSamples } from './mp4-samples.ts';
import { broken } from './refusals.ts';

/** The properties of a `trak` by which the file is judged. */
export type Mp4Track = {
  /** "vide", "soun", "tmcd", ... (ISO/IEC 14496-12 8.4.3). */
  readonly handler: string;
  readonly samples: number;
  /** Where its last sample ends by its tables; 0 without samples. */
  readonly dataEnd: number;
  /** How many of its samples no reader finds, because they refer to a description that is not there. */
  readonly undescribed: number;
};

/** Reads one `trak`. Throws `over-limit` for a picture above the limits, `bad-input` where the samples lie in another file. */
export async function readTrack(source: ByteSource, trak: Mp4Box): Promise<Mp4Track> {
  const handler = await handlerOf(source, trak);
  if (handler === 'vide') await refuseLargeDisplay(source, trak);
  const minf = await findBox(source, trak, 'mdia', 'minf');
  const stbl = minf && (await findBox(source, minf, 'stbl'));
  if (!stbl) return { handler, samples: 0, dataEnd: 0, undescribed: 0 };
  const descriptions = await countDescriptions(source, minf, handler);
  await refuseEncryptedSamples(source, stbl);
  const tables = await sampleTables(source, stbl);
  const dataEnd = await sampleDataEnd(source, tables, handler !== 'soun');
  const undescribed = descriptions === 1 ? await undescribedSamples(source, tables) : 0;
  return { handler, samples: tables.sizes?.count ?? 0, dataEnd, undescribed };
}

async function handlerOf(source: ByteSource, trak: Mp4Box): Promise<string> {
  const hdlr = await findBox(source, trak, 'mdia', 'hdlr');
  return hdlr ? (await payloadStart(source, hdlr, 12)).toString('latin1', 8, 12) : '';
}

const SAMPLE_ENTRY_BYTES = 36;
/** ffmpeg reads at most this many entries; real files have one, or a few where recordings were joined. */
const MOST_ENTRIES = 1024;
/** An entry has a size and a type at least; ffmpeg refuses a count by which there is less for each. */
const LEAST_ENTRY_BYTES = 8;

/** Counts the entries of `stsd`, and refuses those that cannot be read: each has a data reference and, for a picture, its size. */
async function countDescriptions(source: ByteSource, minf: Mp4Box, handler: string): Promise<number> {
  const stsd = await findBox(source, minf, 'stbl', 'stsd');
  if (!stsd) return 0;
  const stated = (await payloadStart(source, stsd, 8)).readUInt32BE(4);
  if (stated === 0) throw broken(source, `its ${nameOf(stsd)} describes no samples`);
  if (stated > MOST_ENTRIES || stated > stsd.size / LEAST_ENTRY_BYTES) {
    throw broken(source, `its ${nameOf(stsd)} states ${stated} entries, more than it holds or any real one has`);
  }
  let entries = 0;
  for await (const box of childrenOf(source, stsd, 8)) {
    const { start, end } = box;
    entries += 1;
    if (entries > MOST_ENTRIES) throw broken(source, `its ${nameOf(stsd)} has more than ${MOST_ENTRIES} entries`);
    await refuseEncryptedEntry(source, box);
    const entry = await source.read(start, Math.min(SAMPLE_ENTRY_BYTES, end - start));
    if (entry.length < 16) continue;
    await refuseElsewhere(source, minf, entry.readUInt16BE(14));
    if (handler === 'vide' && entry.length === SAMPLE_ENTRY_BYTES) {
      refuseLargePicture(entry.readUInt16BE(32), entry.readUInt16BE(34));
    }
  }
  return entries;
}

const SELF_CONTAINED = 1;
/** A reference this short names no file, even without the flag SELF_CONTAINED, which some writers forget. */
const FULL_BOX_BYTES = 12;

async function refuseElsewhere(source: ByteSource, minf: Mp4Box, index: number): Promise<void> {
  const dref = await findBox(source, minf, 'dinf', 'dref');
  if (!dref) return;
  let number = 0;
  for await (const reference of childrenOf(source, dref, 8)) {
    number += 1;
    if (number !== index) continue;
    const flags = (await payloadStart(source, reference, 4)).readUInt32BE(0);
    if (flags & SELF_CONTAINED || reference.size <= FULL_BOX_BYTES) return;
    throw broken(source, 'it is a reference movie, whose samples lie in another file; drop that file');
  }
}

/** Throws `over-limit` where the displayed size in the track header, in 16.16 pixels, is above the limits. */
async function refuseLargeDisplay(source: ByteSource, trak: Mp4Box): Promise<void> {
  const tkhd = await findBox(source, trak, 'tkhd');
  if (!tkhd) return;
  const version = (await payloadStart(source, tkhd, 1)).readUInt8(0);
  const at = version === 1 ? 88 : 76;
  const head = await payloadStart(source, tkhd, at + 8);
  refuseLargePicture(head.readUInt16BE(at), head.readUInt16BE(at + 4));
}
