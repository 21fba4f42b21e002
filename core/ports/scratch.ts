/** A folder for files that are being made. Its content may vanish between two runs. */
export interface Scratch {
  /** Returns the folder `name`, and creates it if needed. Throws `cannot-write`, `disk-full`. */
  open(name: string): Promise<string>;
  remove(name: string): Promise<void>;
  /** Returns how many bytes are free on its disk. */
  freeBytes(): Promise<number>;
}
