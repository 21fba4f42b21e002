/** Gives addresses of published files to people who may see them. */
export interface FileAddresses {
  /** Returns the address of a key of the store of results, until it expires (ms since 1970). */
  sign(
    key: string,
    options: { readonly disposition: 'inline' | 'attachment'; readonly expiresMs: number },
  ): Promise<string>;
}
