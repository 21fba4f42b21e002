/**
 * Returns a line of ffmpeg's log as people are told it, as "mp3float: Header missing": without the address in memory that stands
 * behind the name of whoever says it, which differs from run to run, and without the path of the file in front of what is said of it.
 */
export const logWords = (line: string): string =>
  line
    .replace(/\[([\w.:#/-]+(?:,\w+)*)[^\]]*? @ (?:0x)?[0-9a-f]{2,}\]\s*/gi, '$1: ')
    .replace(/ @ 0x[0-9a-f]+/gi, '')
    .replace(/^file:\/.*: (?=[^:]+$)/, '')
    .trim();
