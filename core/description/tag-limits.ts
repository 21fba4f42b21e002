/** More than any real tag; a longer one is left out. A reader of the finished file takes tags of up to 1 MiB. */
const MOST_BYTES = 2 ** 20 - 2 ** 10;
/** MP4 has each text twice, in boxes of up to 8 MiB. */
const MOST_BYTES_TOGETHER = 3 * 2 ** 20;
const MOST_TAGS = 1000;

/** Returns a function that is asked for the value of each tag in turn, and says why a tag is left out that no real film has. */
export function tagLimit(): (value: string | Buffer) => string | undefined {
  let [tags, bytesBefore] = [0, 0];
  return (value) => {
    const bytes = typeof value === 'string' ? Buffer.byteLength(value) : value.length;
    if (bytes > MOST_BYTES) return 'it is larger than any real one';
    if (tags >= MOST_TAGS) return `a file has at most ${MOST_TAGS} of them`;
    if (bytesBefore + bytes > MOST_BYTES_TOGETHER) return 'all of them together are larger than any real ones';
    tags += 1;
    bytesBefore += bytes;
    return undefined;
  };
}
