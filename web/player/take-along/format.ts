import { Trouble } from '../line/trouble.ts';
import { joined } from '../mp4/boxes.ts';

/** What stands in front of an encrypted copy, in clear: nothing of the film but its length. docs/take-along.md has the format. */
export type CopyHeader = {
  readonly version: 1;
  /** Bytes of the film, and of all its pieces but the last one. */
  readonly bytes: number;
  readonly pieceBytes: number;
  /** The film's own key, wrapped by the user's (AES-KW, RFC 3394), and how the user's key is made. */
  readonly wrappedKey: string;
  readonly keyFrom: KeyOrigin;
  /** The first eight bytes of every piece's nonce. */
  readonly nonce: string;
};

/** A passphrase, stretched (PBKDF2-SHA-256), or a key of the user's account (HKDF-SHA-256). */
export type KeyOrigin =
  | { readonly kind: 'passphrase'; readonly salt: string; readonly rounds: number }
  | { readonly kind: 'account'; readonly salt: string };

/** A copy's header as read, and what is needed to open its pieces. */
export type OpenCopy = {
  readonly header: CopyHeader;
  readonly key: CryptoKey;
  readonly binding: Uint8Array<ArrayBuffer>;
  readonly start: number;
};

const MAGIC = new TextEncoder().encode('REELMILL');
export const PIECE_BYTES = 65_536;
const TAG_BYTES = 16;
const MOST_HEADER_BYTES = 4096;
const MOST_PIECES = 2 ** 32;
/** OWASP's advice for PBKDF2 with SHA-256 (2023). */
export const ROUNDS = 600_000;

/** Returns into how many pieces a film is divided. */
export const piecesOf = ({ bytes, pieceBytes }: Pick<CopyHeader, 'bytes' | 'pieceBytes'>): number =>
  Math.ceil(bytes / pieceBytes);

/** How long a whole copy is. */
export const copyBytes = ({ header, start }: OpenCopy): number => start + header.bytes + TAG_BYTES * piecesOf(header);

/** Where a piece lies in the copy: bytes [from, to). */
export function pieceRange({ header, start }: OpenCopy, index: number): { readonly from: number; readonly to: number } {
  const from = start + index * (header.pieceBytes + TAG_BYTES);
  const last = index === piecesOf(header) - 1;
  return { from, to: from + (last ? header.bytes - index * header.pieceBytes : header.pieceBytes) + TAG_BYTES };
}

/** Begins a copy of a film of so many bytes: with a new key for it, wrapped by the user's. */
export async function beginCopy(
  bytes: number,
  userKey: CryptoKey,
  keyFrom: KeyOrigin,
): Promise<OpenCopy & { readonly head: Uint8Array<ArrayBuffer> }> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt']);
  const wrappedKey = toText(await crypto.subtle.wrapKey('raw', key, userKey, 'AES-KW'));
  const nonce = toText(crypto.getRandomValues(new Uint8Array(8)));
  const header: CopyHeader = { version: 1, bytes, pieceBytes: PIECE_BYTES, wrappedKey, keyFrom, nonce };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, text.length);
  const head = joined([MAGIC, length, text]);
  return { header, key, head, start: head.length, binding: await bindingOf(head) };
}

/** Reads the beginning of a copy and unwraps its key. Throws Trouble where it is no copy, or the key is another one. */
export async function openCopy(
  beginning: Uint8Array,
  userKeyFor: (origin: KeyOrigin) => Promise<CryptoKey>,
): Promise<OpenCopy> {
  const length = beginning.length >= 12 ? new DataView(beginning.buffer, beginning.byteOffset).getUint32(8) : 0;
  const start = 12 + length;
  if (MAGIC.some((byte, i) => beginning[i] !== byte) || length > MOST_HEADER_BYTES || start > beginning.length)
    throw new Trouble('key', 'This file is no copy of a film, or it is cut at its beginning.');
  const header = headerFrom(new TextDecoder().decode(beginning.subarray(12, start)));
  const userKey = await userKeyFor(header.keyFrom);
  const key = await crypto.subtle
    .unwrapKey('raw', toBytes(header.wrappedKey), userKey, 'AES-KW', 'AES-GCM', false, ['decrypt'])
    .catch((cause: unknown) => {
      throw new Trouble('key', 'This copy was made with another key: it cannot be opened with this one.', { cause });
    });
  return { header, key, start, binding: await bindingOf(new Uint8Array(beginning.subarray(0, start))) };
}

/** Encrypts a piece for its place in a copy, and adds its tag (AES-GCM, NIST SP 800-38D). */
export async function sealPiece(
  copy: OpenCopy,
  index: number,
  plain: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.encrypt(cipherOf(copy, index), copy.key, plain));
}

/** Opens a piece. Throws Trouble where a byte of it was changed, or it is a piece of another place, film or length. */
export async function openPiece(
  copy: OpenCopy,
  index: number,
  sealed: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(cipherOf(copy, index), copy.key, sealed));
  } catch (cause) {
    throw new Trouble(
      'key',
      `This copy was changed: its piece ${index + 1} of ${piecesOf(copy.header)} is not the one that was written.`,
      { cause },
    );
  }
}

/** Every piece is bound to its header, its place and the number of pieces: cut, reordered and mixed copies do not open. */
function cipherOf({ header, binding }: OpenCopy, index: number): AesGcmParams {
  const iv = new Uint8Array(12);
  iv.set(toBytes(header.nonce).subarray(0, 8));
  new DataView(iv.buffer).setUint32(8, index);
  const place = new Uint8Array(16);
  new DataView(place.buffer).setBigUint64(0, BigInt(index));
  new DataView(place.buffer).setBigUint64(8, BigInt(piecesOf(header)));
  return { name: 'AES-GCM', iv, additionalData: joined([binding, place]), tagLength: 8 * TAG_BYTES };
}

const bindingOf = async (head: Uint8Array<ArrayBuffer>) => new Uint8Array(await crypto.subtle.digest('SHA-256', head));

function headerFrom(text: string): CopyHeader {
  const wrong = new Trouble('key', 'This copy was changed at its beginning.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong;
  }
  if (!isHeader(value) || piecesOf(value) >= MOST_PIECES) throw wrong;
  return value;
}

function isHeader(value: unknown): value is CopyHeader {
  if (typeof value !== 'object' || value === null) return false;
  const { version, bytes, pieceBytes, wrappedKey, keyFrom, nonce }: Partial<Record<keyof CopyHeader, unknown>> = value;
  const isCount = (each: unknown, most: number) =>
    typeof each === 'number' && Number.isInteger(each) && each > 0 && each <= most;
  const isText = (each: unknown, length: number) =>
    typeof each === 'string' && new RegExp(`^[A-Za-z0-9+/]{${length}}=*$`).test(each);
  const isMeasured = version === 1 && isCount(bytes, Number.MAX_SAFE_INTEGER) && isCount(pieceBytes, 2 ** 24);
  return isMeasured && isText(wrappedKey, 54) && isText(nonce, 11) && isOrigin(keyFrom);
}

function isOrigin(value: unknown): value is KeyOrigin {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('salt' in value)) return false;
  if (typeof value.salt !== 'string' || value.salt.length > 100) return false;
  if (value.kind === 'account') return true;
  const rounds: unknown = 'rounds' in value ? value.rounds : undefined;
  return value.kind === 'passphrase' && typeof rounds === 'number' && rounds >= 1 && rounds <= 10_000_000;
}

/** Returns bytes as Base64 (RFC 4648 section 4). */
export const toText = (bytes: ArrayBuffer | Uint8Array): string => btoa(String.fromCharCode(...new Uint8Array(bytes)));

/** Returns the bytes of a Base64 text; none where it is not valid. */
export function toBytes(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}
