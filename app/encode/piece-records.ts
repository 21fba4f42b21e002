import type { PieceTask } from '../../core/ports/file-maker.ts';
import type { LocalFile } from '../../core/ports/object-store.ts';
import { formatPieceRecord, type PieceRecord, parsePieceRecord } from '../../core/segments/piece-record.ts';
import type { Segment } from '../../core/segments/segments.ts';
import type { SegmentDamage } from './describe-damage.ts';
import { pieceKey, type RenditionWork } from './work.ts';

const recordKey = (key: string) => `${pieceKey(key)}.json`;

/** Caches a finished piece, its record first, because a piece without a record is not reused. */
export async function keepPiece(
  { segment }: PieceTask,
  damage: readonly string[],
  { ports, tracking, folder }: RenditionWork,
): Promise<void> {
  const { key } = segment;
  const file = `${folder}/${key}.nut`;
  const { sha256 } = await ports.reader.fileInfo(file, tracking.signal);
  await ports.cache.write(
    recordKey(key),
    formatPieceRecord({ sha256, damage: [...damage], hasMarked: true }),
    'application/json',
  );
  await ports.cache.put(pieceKey(key), file, { contentType: 'video/x-nut', signal: tracking.signal });
}

async function pieceRecord(key: string, { ports }: Pick<RenditionWork, 'ports'>): Promise<PieceRecord | undefined> {
  const bytes = await ports.cache.read(recordKey(key));
  return bytes && parsePieceRecord(bytes);
}

/** Returns the decoders' messages about the source, including those of pieces that an earlier run made. */
export async function damageOf(
  segments: readonly Segment[],
  work: Pick<RenditionWork, 'ports'>,
): Promise<readonly SegmentDamage[]> {
  const found: SegmentDamage[] = [];
  for (const segment of segments) {
    const record = await pieceRecord(segment.key, work);
    if (!record) continue;
    const { damage: said, hasMarked } = record;
    if (said.length > 0 || !hasMarked) found.push({ segment, said, ...(!hasMarked && { marksUnknown: true }) });
  }
  return found;
}

/** Returns the keys of segments whose fetched piece differs from what was cached. */
export async function corruptPieces(
  segments: readonly Segment[],
  files: readonly LocalFile[],
  work: RenditionWork,
): Promise<readonly string[]> {
  const corrupt: string[] = [];
  for (const [i, { path }] of files.entries()) {
    const key = segments[i]?.key ?? '';
    const { sha256 } = await work.ports.reader.fileInfo(path, work.tracking.signal);
    if ((await pieceRecord(key, work))?.sha256 !== sha256) corrupt.push(key);
  }
  return corrupt;
}
