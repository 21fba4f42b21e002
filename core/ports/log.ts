/** Writes one line for each change of state, and one for each failure where it is finally handled. Events are fixed, dotted names. */
export interface Log {
  info(event: string, fields: Readonly<Record<string, unknown>>): void;
  error(event: string, fields: Readonly<Record<string, unknown>>): void;
}
