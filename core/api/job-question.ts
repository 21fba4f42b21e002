import { usage } from '../errors.ts';
import { isFinal, type JobStatus } from '../job/job.ts';
import { JOB_STATES } from './job-schemas.ts';

/** Returns the states that a question names. Throws `usage` for one that does not exist. */
export function statesNamed(text: string | undefined): readonly JobStatus[] | undefined {
  if (text === undefined) return undefined;
  if (text === 'open') return JOB_STATES.filter((state) => !isFinal(state));
  if (text === 'ended') return JOB_STATES.filter(isFinal);
  return text.split(',').map((name) => {
    const state = JOB_STATES.find((each) => each === name);
    if (!state) throw usage(`there is no state "${name}"; there are: ${JOB_STATES.join(', ')}, and open and ended`);
    return state;
  });
}

type ListPosition = { readonly value: number; readonly id: string };

/** Returns the text by which a page's successor is asked for. */
export const cursorOf = ({ value, id }: ListPosition): string => `${value}_${id}`;

/** Reads a cursor. Throws `usage` for a text that is none. */
export function positionAt(cursor: string | undefined): ListPosition | undefined {
  if (cursor === undefined) return undefined;
  const [, value = '', id = ''] = /^(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)_([0-9a-f]{1,64})$/.exec(cursor) ?? [];
  if (id === '') throw usage(`"${cursor}" is not a cursor; give the "next" of an earlier answer`);
  return { value: Number(value), id };
}
