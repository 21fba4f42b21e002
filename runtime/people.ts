import { systemClock } from '../adapters/shared/system-clock.ts';
import type { Clock } from '../core/ports/clock.ts';
import { terminalConfig } from './terminal-config.ts';

type PeopleStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** Where people read, and what can be done there. */
export type People = {
  readonly stream: PeopleStream;
  readonly clock: Clock;
  /** Whether lines can be written over. */
  readonly isTerminal: boolean;
  readonly isColoured: boolean;
  /** The columns that there are now; undefined if it is no terminal and nobody said how wide it is. */
  columns(): number | undefined;
};

const USUAL_COLUMNS = 80;

/** People at the terminal of this process, or readers of a log if the stream is none. */
export function peopleAt(stream: PeopleStream): People {
  const config = terminalConfig();
  const isTty = stream.isTTY === true;
  const isTerminal = isTty && !config.isDumb;
  return {
    stream,
    clock: systemClock,
    isTerminal,
    isColoured: isTerminal && !config.noColour,
    columns: () => (isTty ? stream.columns || USUAL_COLUMNS : config.columns),
  };
}

/** The width that what is written to a stream is to fit; undefined where nothing is to be broken. */
export const widthOf = (stream: PeopleStream): number | undefined => peopleAt(stream).columns();
