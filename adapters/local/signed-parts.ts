import { createHmac, timingSafeEqual } from 'node:crypto';
import { ServiceError } from '../../core/errors.ts';
import type { PartAddress } from '../../core/ports/part-store.ts';
import type { PartThere } from '../../core/upload/plan-parts.ts';

/** A part as its address names it, with the upload that it belongs to. */
type SignedPart = PartThere & {
  readonly reference: string;
  readonly start: number;
  readonly expiresMs: number;
};

/** Returns the address of a part, whose signature holds for this part, length and checksum only. */
export function partAddress(secret: Uint8Array, part: SignedPart): PartAddress {
  const { reference, number, start, bytes, checksum, expiresMs } = part;
  const query = new URLSearchParams({
    ...{ checksum, start: `${start}`, bytes: `${bytes}`, expires: `${expiresMs}` },
    signature: signatureOf(secret, part),
  });
  return { number, url: `/api/uploads/${reference}/parts/${number}?${query}`, headers: {}, expiresMs };
}

/** Throws `not-allowed` for an address that was tampered with, or has expired. */
export function checkSignature(secret: Uint8Array, part: SignedPart, signature: string, nowMs: number): void {
  const [right, given] = [Buffer.from(signatureOf(secret, part)), Buffer.from(signature)];
  if (right.length !== given.length || !timingSafeEqual(right, given))
    throw new ServiceError(
      'not-allowed',
      'the address of this part was not made here, or was changed; ask for another',
    );
  if (part.expiresMs < nowMs)
    throw new ServiceError('not-allowed', 'the address of this part has expired; ask for another');
}

const signatureOf = (secret: Uint8Array, part: SignedPart): string => {
  const { reference, number, start, bytes, checksum, expiresMs } = part;
  return createHmac('sha256', secret)
    .update(JSON.stringify([reference, number, start, bytes, checksum, expiresMs]))
    .digest('hex');
};
