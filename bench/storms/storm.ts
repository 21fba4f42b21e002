/** What a storm is asked for on the command line. */
export type Asked = {
  /** How many trials, those of an earlier run among them. */
  readonly count: number;
  /** The value of --way; empty for the storm's usual one. */
  readonly way: string;
  /** Where the record lies by which a later run goes on. */
  readonly folder: string;
  /** Tells people of one trial, and of what must not be. */
  said(fault?: string): void;
};

export type StormTable = {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** How many trials showed something that must not be. */
  readonly faults: number;
  /** What else the page should say of this run, in whole sentences. */
  readonly words?: string;
};

/** An attempt to break the built command, with a section of its own on docs/reliability.md. */
export type Storm = {
  readonly name: string;
  /** What is done and what must hold, in whole sentences. */
  readonly about: string;
  /** How many trials there are unless it is told. */
  readonly usual: number;
  readonly ways: readonly string[];
  run(asked: Asked): Promise<StormTable>;
};
