/** A folder of our own for files being made. Whatever is in it may vanish between two runs. */
export interface Scratch {
  /** The folder `name`, made if need be. Throws `cannot-write`, `disk-full`. */
  open(name: string): Promise<string>;
  remove(name: string): Promise<void>;
  /** What may still be written to its disk. */
  freeBytes(): Promise<number>;
}
