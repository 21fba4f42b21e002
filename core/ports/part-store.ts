import type { RawSettings } from '../settings/settings.ts';
import type { PartPlan, PartThere } from '../upload/plan-parts.ts';

/** A file that is to arrive in parts. `id` is random, of letters and digits. */
export type NewUpload = {
  readonly id: string;
  readonly key: string;
  readonly plan: PartPlan;
  readonly modifiedMs: number | undefined;
  readonly settings: RawSettings;
};

/** A file that arrives in parts. `reference` is what the store calls it. */
export type OpenUpload = Pick<NewUpload, 'key' | 'plan' | 'modifiedMs' | 'settings'> & { readonly reference: string };

type PartToSign = { readonly number: number; readonly bytes: number; readonly checksum: string };

/** Where and how a client puts a part. All headers have to be sent as they are. */
export type PartAddress = {
  readonly number: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresMs: number;
};

/** Receives files in parts, by signed addresses. Every adapter passes test/contracts/part-store.ts. */
export interface PartStore {
  /** Begins a file and returns its reference. Nothing is under the key before `complete`. */
  begin(upload: NewUpload): Promise<string>;
  /** Returns the parts that have arrived whole, in order; undefined if the file was completed, aborted or swept. */
  parts(upload: OpenUpload): Promise<readonly PartThere[] | undefined>;
  /** Returns an address that takes exactly this part, until it expires (ms since 1970). */
  sign(upload: OpenUpload, part: PartToSign, expiresMs: number): Promise<PartAddress>;
  /**
   * Makes the whole file appear under its key, at once. Every part has to be there. Throws `no-input` if the file was completed,
   * aborted or swept, and `bad-input` if another one has the key.
   */
  complete(upload: OpenUpload, parts: readonly PartThere[]): Promise<void>;
  /** Forgets the file and its parts; does nothing if there is none. */
  abort(upload: OpenUpload): Promise<void>;
}
