/**
 * What moves the times in bytes of a file, in place, and returns how many of them it is done with; the others are given again with what
 * follows them. `ticksFrom` says what is added at a place, and is asked in ascending order.
 */
export type TimesMover = (bytes: Buffer, ticksFrom: (at: number) => number, isEnd: boolean) => number;
