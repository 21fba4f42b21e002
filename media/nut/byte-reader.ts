import { ServiceError } from '../../core/errors.ts';
import { crcOfByte } from './nut-format.ts';

/** Reads bytes from chunks of any length, and pulls the next chunk only when the last one is used up. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #offset = 0;
  #crc = 0;
  /** The number of bytes read so far. */
  position = 0;

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  async atEnd(): Promise<boolean> {
    while (this.#offset === this.#chunk.length) {
      const next = await this.#chunks.next();
      if (next.done) return true;
      this.#chunk = next.value;
      this.#offset = 0;
    }
    return false;
  }

  async byte(): Promise<number> {
    if (this.#offset === this.#chunk.length && (await this.atEnd())) throw this.#endsEarly();
    const byte = this.#chunk[this.#offset++] ?? 0;
    this.position++;
    this.#crc = crcOfByte(this.#crc, byte);
    return byte;
  }

  /** A NUT number (`v`) in groups of 7 bits. Throws `bad-input` for a number above 2^53 - 1. */
  async varint(): Promise<number> {
    let value = 0;
    for (;;) {
      const byte = await this.byte();
      value = value * 128 + (byte & 127);
      if (value > Number.MAX_SAFE_INTEGER) throw malformed(`a number beyond 2^53 before byte ${this.position}`);
      if (byte < 128) return value;
    }
  }

  async uint32(): Promise<number> {
    let value = 0;
    for (let i = 0; i < 4; i++) value = value * 256 + (await this.byte());
    return value;
  }

  /** Fills `target` from index `from` on. This is the only copy of a frame's bytes. */
  async fill(target: Uint8Array, from = 0): Promise<void> {
    let filled = from;
    while (filled < target.length) {
      if (await this.atEnd()) throw this.#endsEarly();
      const part = this.#chunk.subarray(this.#offset, this.#offset + target.length - filled);
      target.set(part, filled);
      this.#advance(part.length);
      filled += part.length;
    }
  }

  async skip(bytes: number): Promise<void> {
    for (let left = bytes; left > 0; ) {
      if (await this.atEnd()) throw this.#endsEarly();
      const part = Math.min(left, this.#chunk.length - this.#offset);
      this.#advance(part);
      left -= part;
    }
  }

  /** Starts a new checksum over the bytes that `byte`, `varint` and `uint32` read. */
  startChecksum(crc = 0): void {
    this.#crc = crc;
  }

  get checksum(): number {
    return this.#crc;
  }

  /** Closes the source of chunks, whether or not it was read to its end. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  #advance(bytes: number): void {
    this.#offset += bytes;
    this.position += bytes;
  }

  #endsEarly(): ServiceError {
    return malformed(`it ends at byte ${this.position}, in the middle of a packet or frame`);
  }
}

/** The `bad-input` error for raw video that is not valid NUT. */
export function malformed(what: string): ServiceError {
  return new ServiceError('bad-input', `what ffmpeg sends is not valid NUT: ${what}`);
}
