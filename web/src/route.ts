/** What the part of the address after the # names. */
export type Page =
  | { readonly name: 'films'; readonly query: URLSearchParams }
  | { readonly name: 'add' }
  | { readonly name: 'job'; readonly job: string }
  | { readonly name: 'unknown' };

/** The page of an address. The part before the # is always that of the server itself; under any other there is nothing. */
export function pageOf({ pathname, hash }: Pick<Location, 'pathname' | 'hash'>): Page {
  if (!ROOTS.has(pathname)) return { name: 'unknown' };
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?');
  const [, first = '', second] = path.split('/');
  if (first === '') return { name: 'films', query: new URLSearchParams(query) };
  if (first === 'add' && second === undefined) return { name: 'add' };
  if (first === 'jobs' && second) return { name: 'job', job: second };
  return { name: 'unknown' };
}

const ROOTS: ReadonlySet<string> = new Set(['/', '/index.html']);

export const FILMS = '/#/';
export const ADD = '/#/add';
/** Returns the address of a job's page. */
export const jobAddress = (job: string) => `/#/jobs/${encodeURIComponent(job)}`;

/** Shows another page of the films without a new entry in the browser's history for each letter that is typed. */
export function replaceQuery(query: URLSearchParams): void {
  const text = query.toString();
  history.replaceState(null, '', text === '' ? FILMS : `${FILMS}?${text}`);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}
