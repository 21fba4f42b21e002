/** What the part of the address after the # names. It stays in the browser, so any server can serve the pages. */
export type Page =
  | { readonly name: 'films'; readonly query: URLSearchParams }
  | { readonly name: 'add' }
  | { readonly name: 'job'; readonly job: string }
  | { readonly name: 'unknown' };

export function pageOf(hash: string): Page {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?');
  const [, first = '', second] = path.split('/');
  if (first === '') return { name: 'films', query: new URLSearchParams(query) };
  if (first === 'add' && second === undefined) return { name: 'add' };
  if (first === 'jobs' && second) return { name: 'job', job: second };
  return { name: 'unknown' };
}

export const FILMS = '#/';
export const ADD = '#/add';
export const jobAddress = (job: string) => `#/jobs/${encodeURIComponent(job)}`;

/** Shows another page of the films without a new entry in the browser's history for each letter that is typed. */
export function replaceQuery(query: URLSearchParams): void {
  const text = query.toString();
  history.replaceState(null, '', text === '' ? FILMS : `${FILMS}?${text}`);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}
