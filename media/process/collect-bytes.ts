import { Writable } from 'node:stream';

/** Returns a stream that keeps all bytes written to it, and a function that returns them. */
export function collectBytes(): { readonly stream: Writable; bytes(): Buffer } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, bytes: () => Buffer.concat(chunks) };
}
