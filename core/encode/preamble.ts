/**
 * The arguments with which every command of ffmpeg begins: it reads no key from the terminal and writes only errors.
 * `acceptsErrors` lets it succeed however many packets cannot be decoded, because a source may be damaged; checks on the
 * result decide whether that is published.
 */
export const preamble = ({ acceptsErrors = false }: { readonly acceptsErrors?: boolean } = {}): string[] => [
  '-hide_banner',
  '-nostdin',
  '-v',
  'error',
  ...(acceptsErrors ? ['-max_error_rate', '1'] : []),
];
