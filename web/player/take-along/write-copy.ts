import type { SourceFile } from '../line/remote-file.ts';
import { Trouble } from '../line/trouble.ts';
import { joined } from '../mp4/boxes.ts';
import { beginCopy, type OpenCopy, PIECE_BYTES, sealPiece } from './format.ts';
import type { UserKey } from './user-key.ts';

/** Where a copy is written. */
export type Sink = { write(bytes: Uint8Array<ArrayBuffer>): Promise<void> };

const CHUNK_BYTES = 500_000;

/** Reads a film and writes its encrypted copy, piece by piece: it is never whole in memory, and never in clear on the disk. */
export async function writeCopy(
  film: SourceFile,
  sink: Sink,
  { key, origin }: UserKey,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (bytes: number, of: number) => void },
): Promise<void> {
  let copy: OpenCopy | undefined;
  let waiting: Uint8Array = new Uint8Array();
  let index = 0;
  let at = 0;

  async function seal(least: number): Promise<void> {
    while (copy && waiting.length >= least && waiting.length > 0) {
      const plain = new Uint8Array(waiting.subarray(0, PIECE_BYTES));
      waiting = waiting.subarray(plain.length);
      await sink.write(await sealPiece(copy, index++, plain));
    }
  }

  for (let size = Number.POSITIVE_INFINITY; at < size; size = film.size() ?? size) {
    const before = at;
    await film.read({ from: at, to: at + CHUNK_BYTES }, signal, async (bytes) => {
      const whole = film.size();
      if (whole === undefined)
        throw new Trouble('ranges', 'The server does not say how long the film is; it cannot be taken along.');
      if (!copy) {
        const begun = await beginCopy(whole, key, origin);
        await sink.write(begun.head);
        copy = begun;
      }
      waiting = joined([waiting, bytes]);
      at += bytes.length;
      await seal(PIECE_BYTES);
      onProgress(at, whole);
    });
    if (at === before) break;
  }
  await seal(1);
  if (!copy || at !== copy.header.bytes)
    throw new Trouble('network', 'The film did not arrive whole; it was not taken along.');
}
