type PreambleOptions = {
  /**
   * How much ffmpeg logs: `info` and `verbose` where the log itself is read, `level+` if each line says how bad it is. What decodes a source
   * to make something of it logs at `level+info`, since not all damage is told as an error (core/film/complaints.ts).
   */
  readonly log?: 'error' | 'info' | 'level+info' | 'verbose';
  /**
   * Whether ffmpeg succeeds however many packets cannot be decoded, because a source may be damaged. Checks on the result
   * decide whether it is published.
   */
  readonly acceptsErrors?: boolean;
};

/**
 * A stream of a transport or program stream that pauses for longer goes on without the pause, by ffmpeg's default of 10 s. This is more than
 * its clock of 33 bits counts, so that pauses stay; recordings whose clocks differ are written with one clock (core/recordings/recordings.ts).
 */
const LONGEST_PAUSE_SECONDS = 100_000;

/**
 * Returns the arguments with which every ffmpeg command begins: no banner, nothing read from the terminal, how much is
 * logged, no progress line in a log that is read, and no pause left out.
 */
export const ffmpegPreamble = ({ log = 'error', acceptsErrors = false }: PreambleOptions = {}): string[] => [
  ...['-hide_banner', '-nostdin', '-v', log, '-dts_delta_threshold', `${LONGEST_PAUSE_SECONDS}`],
  ...(log === 'error' ? [] : ['-nostats']),
  ...(acceptsErrors ? ['-max_error_rate', '1'] : []),
];
