/** A piece in the cache: its size, and when it was made. */
export type OldPiece = { readonly bytes: number; readonly modifiedMs: number };

/** What is to be removed: pieces made before a time, and as many as are beyond a size. */
export type PruneLimits = { readonly madeBeforeMs?: number; readonly mostBytes?: number };

/**
 * Returns the pieces to remove. Those made before the first job that is not published yet belong to published jobs: they go
 * first, then the others, the oldest of each first.
 */
export function piecesToRemove<P extends OldPiece>(
  pieces: readonly P[],
  { madeBeforeMs = Number.NEGATIVE_INFINITY, mostBytes, firstOpenMs }: PruneLimits & { readonly firstOpenMs: number },
): readonly P[] {
  const isOpen = ({ modifiedMs }: P) => Number(modifiedMs >= firstOpenMs);
  const inOrder = [...pieces].sort((a, b) => isOpen(a) - isOpen(b) || a.modifiedMs - b.modifiedMs);
  let left = pieces.reduce((sum, { bytes }) => sum + bytes, 0);
  return inOrder.filter(({ bytes, modifiedMs }) => {
    const goes = modifiedMs < madeBeforeMs || (mostBytes !== undefined && left > mostBytes);
    if (goes) left -= bytes;
    return goes;
  });
}
