/**
 * Moves the times in a chunk of a file, in place, and returns how many of its bytes are finished; the rest is given again with the next
 * chunk. `ticksFrom` says what is added at a place, and is asked in ascending order.
 */
export type TimesMover = (bytes: Buffer, ticksFrom: (at: number) => number, isEnd: boolean) => number;
