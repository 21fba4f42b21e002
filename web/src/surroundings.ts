import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { AnswerOf } from '../../core/api/routes.ts';
import type { Staging } from './add/staging.ts';
import type { Client } from './api/client.ts';
import type { Live } from './live.ts';
import type { Uploads } from './upload/uploads.ts';

/** What every page works with. */
export type Surroundings = {
  readonly call: Client;
  readonly session: AnswerOf<'session'>;
  /** Whether machines are rented for the work; on a machine of one's own nobody asks what they would cost. */
  readonly isRented: boolean;
  readonly uploads: Uploads;
  readonly staging: Staging;
  readonly live: Live;
  /** Asked for once; a failure is not kept. */
  recipes(): Promise<AnswerOf<'recipes'>>;
};

export const SurroundingsContext = createContext<Surroundings | undefined>(undefined);

/** Returns what the shell gives its pages. Throws for a page that is drawn outside of it. */
export function useSurroundings(): Surroundings {
  const found = useContext(SurroundingsContext);
  if (!found) throw new Error('a page is drawn outside of the shell');
  return found;
}
