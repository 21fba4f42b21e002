/** A token of somebody who signed in, and what renews it. */
export type SignedIn = { readonly token: string; readonly expiresMs: number; readonly renewal: string | undefined };

/** Lets people in by a code that they are sent by e-mail. */
export interface CodeSender {
  /** Sends a code if the address may come in. The answer is the same if it may not. */
  send(email: string): Promise<{ readonly session: string }>;
  /** Returns the token for a right code; undefined for a wrong or old one. */
  redeem(given: {
    readonly email: string;
    readonly session: string;
    readonly code: string;
  }): Promise<SignedIn | undefined>;
  /** Returns a new token; undefined if the renewal has expired or was revoked. */
  renew(renewal: string): Promise<SignedIn | undefined>;
  /** Makes a renewal useless. */
  revoke(renewal: string): Promise<void>;
}
