import type { ByteSource } from './byte-source.ts';
import { childrenOf, type Mp4Box, payloadStart } from './mp4-boxes.ts';
import { encrypted } from './refusals.ts';

/** Sample entries of encrypted tracks: those of ISO/IEC 14496-12 8.12, which Common Encryption uses, and Apple's. */
const PROTECTED_ENTRY = /^(enc[a-z0-9]|drm[a-z])$/;

/** A protection scheme stands within the first few KB of an entry; more than this is not read. */
const MOST_ENTRY_BYTES = 64 * 1024;

/** Throws `bad-input` for an encrypted sample entry, even if the track begins with a clear one. */
export async function refuseEncryptedEntry(source: ByteSource, entry: Mp4Box): Promise<void> {
  if (!PROTECTED_ENTRY.test(entry.type)) return;
  const bytes = await source.read(entry.start, Math.min(entry.size, MOST_ENTRY_BYTES));
  const scheme = bytes.indexOf('schm');
  const name = scheme < 0 ? '' : bytes.toString('latin1', scheme + 8, scheme + 12).replace(/[^\x20-\x7e]/g, '?');
  const isClear = bytes[bytes.indexOf('tenc') + TENC_IS_PROTECTED] === 0 && bytes.includes('tenc');
  // samples of a track without default protection are clear, unless a sample group protects them
  if (!isClear) throw encrypted(source, `its sample entry is ${entry.type}${name && ` (${name})`}`);
}

/** The offset of `default_isProtected` from the type of a `tenc` box: type, version and flags, two more bytes (ISO/IEC 23001-7 8.2). */
const TENC_IS_PROTECTED = 10;

/** Throws `bad-input` for a sample table or track fragment with encrypted samples, by its groups (`seig`) or its `senc` box. */
export async function refuseEncryptedSamples(source: ByteSource, holder: Mp4Box): Promise<void> {
  for await (const box of childrenOf(source, holder)) {
    if (box.type === 'sgpd' && (await hasProtectedGroup(source, box))) throw encrypted(source, `${where(box)} (seig)`);
    if (box.type === 'senc' && (await payloadStart(source, box, 8)).readUInt32BE(4) > 0)
      throw encrypted(source, `${where(box)} (senc)`);
  }
}

const where = ({ start }: Mp4Box) => `from byte ${start} on samples are encrypted`;

/** Whether a sample group (ISO/IEC 14496-12 8.9.3) has CencSampleEncryptionInformation that protects it (ISO/IEC 23001-7 6). */
async function hasProtectedGroup(source: ByteSource, sgpd: Mp4Box): Promise<boolean> {
  const head = await payloadStart(source, sgpd, 12);
  if (head.toString('latin1', 4, 8) !== 'seig') return false;
  const version = head.readUInt8(0);
  const bytes = await source.read(sgpd.start + sgpd.headerBytes, Math.min(sgpd.size - sgpd.headerBytes, 4096));
  const each = version === 1 ? bytes.readUInt32BE(8) : 0;
  const countAt = version === 0 ? 8 : 12;
  const count = bytes.length >= countAt + 4 ? bytes.readUInt32BE(countAt) : 0;
  let at = countAt + 4;
  for (let group = 0; group < count && at + 20 <= bytes.length; group += 1) {
    const length = each > 0 ? each : version === 1 ? bytes.readUInt32BE(at) : 20;
    if (version === 1 && each === 0) at += 4;
    if (bytes[at + 2] === 1) return true;
    at += Math.max(1, length);
  }
  return false;
}

/** Throws `bad-input` for a movie fragment with encrypted samples in any track. */
export async function refuseEncryptedFragment(source: ByteSource, moof: Mp4Box): Promise<void> {
  for await (const traf of childrenOf(source, moof)) {
    if (traf.type === 'traf' && traf.end <= source.size) await refuseEncryptedSamples(source, traf);
  }
}
