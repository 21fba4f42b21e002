/** The folder in which a gallery is made. Paths are relative to it, with `/` between their parts. */
export interface GalleryFolder {
  /** Makes the folder. Throws `cannot-write` if it holds anything that is not a gallery of ours. */
  open(): Promise<void>;
  /** Whether the same file (by size and time) is there, copied by an earlier gallery. */
  has(path: string, from: string): Promise<boolean>;
  /** Copies a file in, unless the same (by size and time) is there. Returns whether it was copied. */
  copy(path: string, from: string, signal: AbortSignal): Promise<boolean>;
  write(path: string, text: string): Promise<void>;
  /** Removes the files of earlier galleries that are not among these, and remembers these. */
  finish(paths: readonly string[]): Promise<void>;
}
