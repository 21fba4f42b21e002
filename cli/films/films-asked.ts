import { type FilmsAtOnce, filmsAtOnce } from '../../core/dispatch/films-at-once.ts';
import { usage } from '../../core/errors.ts';
import { cores, memoryBytes } from '../../runtime/local-ports.ts';

const MOST = 64;

/** How many films are worked on at the same time: as many as `--at-once` says, else as suits this machine. Throws `usage`. */
export function filmsAsked(text: string | undefined): FilmsAtOnce {
  if (text === undefined) return filmsAtOnce(cores(), memoryBytes());
  const most = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (most >= 1 && most <= MOST) return { most, isAsked: true };
  throw usage(`--at-once ${text} is out of range; it takes 1 to ${MOST}`);
}
