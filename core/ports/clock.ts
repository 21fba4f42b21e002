/** Time and chance, so that tests can hold both. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** A random id, 128 bits, hexadecimal. */
  newId(): string;
}
