/** The current time, time that passes, and random ids, which tests replace. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Milliseconds since some moment, for durations: it never goes back, also when somebody sets the time of day. */
  elapsed(): number;
  /** A random id, 128 bits, hexadecimal. */
  newId(): string;
}
