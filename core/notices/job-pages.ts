import type { Notice, Notifier } from '../ports/notifier.ts';

/** Returns the address of a job's page. `pages` is the address of the pages, such as https://films.example.org. */
export const jobPage = (pages: string, job: string): string =>
  `${pages.replace(/\/+$/, '')}/#/jobs/${encodeURIComponent(job)}`;

/**
 * Returns a notice with its job's page as first detail; the same notice if nobody serves pages, or no job was made, as of
 * a drop that was refused.
 */
export const withJobPage = (notice: Notice, pages: string | undefined): Notice =>
  pages && notice.job && notice.kind !== 'refused'
    ? { ...notice, details: { page: jobPage(pages, notice.job), ...notice.details } }
    : notice;

/** A notifier whose notices lead to the pages of their jobs. The address is asked for at each notice, since pages may be served later. */
export const leadingToPages = (notifier: Notifier, pages: () => string | undefined): Notifier => ({
  notify: (notice) => notifier.notify(withJobPage(notice, pages())),
});
