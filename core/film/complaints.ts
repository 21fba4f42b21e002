/**
 * What ffmpeg says, as a warning, of a frame that its decoder marked as damaged. Some decoders, that of ProRes among them, say nothing
 * else of such a frame. ffmpeg 5 names file and stream in this line, ffmpeg 7 the stream before it.
 */
const MARKED = /(corrupt decoded frame( in stream \d+)?)$/;

/** A line written with its level: who says it, how bad it is, and what is said. */
const WITH_LEVEL = /^((?:\[[^\]]*\] )*?)\[(panic|fatal|error|warning|info|verbose|debug|trace)\] (.*)$/;

/** The line by which ffmpeg says how often the line before it was repeated. */
export const REPEATED = /^\s*Last message repeated (\d+) times/;

/** Whether a line of ffmpeg's log, written with its level, complains of the source: an error, or a frame that is marked as damaged. */
export const isComplaint = (line: string): boolean => complaintIn(line) !== undefined;

/**
 * Returns a function that takes the lines of ffmpeg's log in order, written at "level+warning", and returns what is kept of each: errors
 * without their level, frames that are marked as damaged, and how often such a line was repeated. Other warnings become undefined.
 */
export function complaints(): (line: string) => string | undefined {
  let isKept = false;
  return (line) => {
    if (REPEATED.test(line)) return isKept ? line : undefined;
    // libraries that write to stderr by themselves write no level
    const kept = WITH_LEVEL.test(line) ? complaintIn(line) : line;
    isKept = kept !== undefined;
    return kept;
  };
}

function complaintIn(line: string): string | undefined {
  const [, speaker = '', level = '', words = ''] = WITH_LEVEL.exec(line) ?? [];
  if (['panic', 'fatal', 'error'].includes(level)) return `${speaker}${words}`;
  const marked = level === 'warning' && MARKED.exec(words)?.[1];
  return marked ? `${speaker}${marked}` : undefined;
}
