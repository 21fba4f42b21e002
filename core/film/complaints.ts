/**
 * What ffmpeg says, as a warning, of a frame that its decoder marked as damaged. Some decoders, that of ProRes among them, say nothing
 * else of such a frame. ffmpeg 5 names file and stream in this line, ffmpeg 7 the stream before it.
 */
const MARKED = /(corrupt decoded frame( in stream \d+)?)$/;

/**
 * What a decoder says, as information, of parts of a picture that it made up. With several threads the decoder of H.264 of ffmpeg 5 marks
 * such a picture in about half of all decodes.
 */
const CONCEALED = /^concealing \d+ DC, \d+ AC, \d+ MV errors/;

/** A line written with its level: who says it, how bad it is, and what is said. */
const WITH_LEVEL = /^((?:\[[^\]]*\] )*?)\[(panic|fatal|error|warning|info|verbose|debug|trace)\] (.*)$/;

/** The line by which ffmpeg says how often the line before it was repeated. */
export const REPEATED = /^\s*Last message repeated (\d+) times/;

/** The lines in which ffmpeg shows what its input holds: the first, and the others. */
const INPUT = /^\[info\] Input #/;
const INDENTED = /^\[info\] {2}/;
const REST_OF_TAG = /^ {18,}: /;

/**
 * Whether a line of ffmpeg's log, written with its level, complains of the source: an error, a frame that is marked as damaged, or parts of
 * one that were made up.
 */
export const isComplaint = (line: string): boolean => complaintIn(line) !== undefined;

/** Whether a line of ffmpeg's log, written with its level, marks the frame that is shown next as damaged. */
export const isMark = (line: string): boolean => MARKED.test(complaintIn(line) ?? '');

/**
 * Returns a function that takes the lines of ffmpeg's log in order, written at "level+info", and returns what is kept of each: what
 * `isComplaint` says of, without its level, and how often such a line was repeated. Other lines with a level become undefined.
 */
export function complaints(): (line: string) => string | undefined {
  let isKept = false;
  let isOfInput = false;
  return (line) => {
    if (REPEATED.test(line)) return isKept ? line : undefined;
    const hasLevel = WITH_LEVEL.test(line);
    if (hasLevel) isOfInput = INPUT.test(line) || (isOfInput && INDENTED.test(line));
    // without a level come the rest of a name or tag of the source behind a line break, and what libraries write to stderr by themselves
    const isOfSource = isOfInput || REST_OF_TAG.test(line);
    const kept = hasLevel ? complaintIn(line) : isOfSource ? undefined : line;
    isKept = kept !== undefined;
    return kept;
  };
}

function complaintIn(line: string): string | undefined {
  const [, speaker = '', level = '', words = ''] = WITH_LEVEL.exec(line) ?? [];
  if (['panic', 'fatal', 'error'].includes(level)) return `${speaker}${words}`;
  if (level === 'info' && CONCEALED.test(words)) return `${speaker}${words}`;
  const marked = level === 'warning' && MARKED.exec(words)?.[1];
  return marked ? `${speaker}${marked}` : undefined;
}
