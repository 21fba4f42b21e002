/** The current time and random ids, which tests replace. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** A random id, 128 bits, hexadecimal. */
  newId(): string;
}
