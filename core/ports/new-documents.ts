/** Small objects of which the first one under a name counts. */
export interface NewDocuments {
  /** Writes an object whose key nobody has yet, whole or not at all. False where somebody came first. */
  writeNew(key: string, bytes: Uint8Array | string, contentType: string): Promise<boolean>;
}
