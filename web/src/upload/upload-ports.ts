import type { PartPlan, PartThere } from '../../../core/upload/plan-parts.ts';

/** Where and how one part may be sent, for a short time. */
type SignedPart = { readonly url: string; readonly headers: Readonly<Record<string, string>> };

/** An upload as the API has begun it. */
export type BegunUpload = PartPlan & { readonly upload: string };

/** A part, and the SHA-256 of its bytes in base64. */
type SentPart = Pick<PartThere, 'number' | 'checksum'>;

export type PutResult = { readonly status: number; readonly reason: string };

/** All that an upload needs of the browser and of the API, so that it can be tested without either. */
export type SendPorts = {
  partsOf(upload: string): Promise<readonly PartThere[]>;
  sign(upload: string, part: SentPart): Promise<SignedPart>;
  complete(upload: string, parts: readonly SentPart[]): Promise<void>;
  checksum(bytes: Blob): Promise<string>;
  /** Status 0 where the line broke. `onSent` is told how many bytes of this part have gone out. */
  put(to: SignedPart, body: Blob, onSent: (bytes: number) => void, signal: AbortSignal): Promise<PutResult>;
  /** Resolves after the time, or at once when the network comes back. Rejects when aborted. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Resolves when the browser is online; at once if it is. */
  online(signal: AbortSignal): Promise<void>;
  random(): number;
};
