import type { SourceFile } from '../line/remote-file.ts';
import { Trouble } from '../line/trouble.ts';
import { copyBytes, type KeyOrigin, openCopy, openPiece, pieceRange } from './format.ts';

const BEGINNING_BYTES = 8192;

/**
 * An encrypted copy as a file that a player reads in parts: only the pieces that are asked for are opened, and none is
 * kept. Throws Trouble where it cannot be opened, or is cut.
 */
export async function readCopy(copy: Blob, userKeyFor: (origin: KeyOrigin) => Promise<CryptoKey>): Promise<SourceFile> {
  const bytesAt = async (from: number, to: number) => new Uint8Array(await copy.slice(from, to).arrayBuffer());
  const open = await openCopy(await bytesAt(0, BEGINNING_BYTES), userKeyFor);
  const { bytes, pieceBytes } = open.header;
  if (copy.size !== copyBytes(open)) {
    const word = copy.size < copyBytes(open) ? 'cut' : 'longer than it was';
    throw new Trouble('key', `This copy is ${word}: it has ${copy.size} of ${copyBytes(open)} bytes.`);
  }
  return {
    size: () => bytes,
    async read({ from, to }, signal, take) {
      const end = Math.min(to, bytes);
      for (let at = from; at < end; ) {
        const index = Math.floor(at / pieceBytes);
        const range = pieceRange(open, index);
        const plain = await openPiece(open, index, await bytesAt(range.from, range.to));
        signal.throwIfAborted();
        const part = plain.subarray(at - index * pieceBytes, end - index * pieceBytes);
        await take(part);
        at += part.length;
      }
      return Math.max(from, end);
    },
  };
}
