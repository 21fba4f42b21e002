/** The address of a file whose path a manifest beside it names: any character may be in it, and each part is encoded. */
export const besideManifest = (base: string) => (path: string) =>
  beside(path.split('/').map(encodeURIComponent).join('/'), base);

/** The address of a file that another one names. It takes over the query, which may hold the permission to see both. */
export function beside(path: string, base: string): string {
  const url = new URL(path, base);
  const { search, origin } = new URL(base);
  if (url.search === '' && url.origin === origin) url.search = search;
  return url.href;
}
