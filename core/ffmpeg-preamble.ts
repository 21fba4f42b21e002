type PreambleOptions = {
  /** How much ffmpeg logs: `info` and `verbose` where the log itself is read, `level+` if each line says how bad it is. */
  readonly log?: 'error' | 'info' | 'level+info' | 'verbose';
  /**
   * Whether ffmpeg succeeds however many packets cannot be decoded, because a source may be damaged. Checks on the result
   * decide whether it is published.
   */
  readonly acceptsErrors?: boolean;
};

/**
 * Returns the arguments with which every ffmpeg command begins: no banner, nothing read from the terminal, how much is
 * logged, and no progress line in a log that is read.
 */
export const ffmpegPreamble = ({ log = 'error', acceptsErrors = false }: PreambleOptions = {}): string[] => [
  ...['-hide_banner', '-nostdin', '-v', log],
  ...(log === 'error' ? [] : ['-nostats']),
  ...(acceptsErrors ? ['-max_error_rate', '1'] : []),
];
