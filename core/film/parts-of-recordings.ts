/** A part of a title of a DVD, but for its first: such files are cut at 1 GB, wherever that is. */
const DVD = /^(VTS_\d\d)_[2-9](\.VOB)$/i;
/** A file of an AVCHD camera, which begins another one at 2 or 4 GB. A recording of its own is named in the same way. */
const AVCHD = /^(\d{5})(\.MTS|\.M2TS)$/i;

/**
 * Returns what people can do about a file whose first pictures refer to pictures that it does not hold, where its name is that of a part of a
 * recording. Undefined for other names.
 */
export function joinAdvice(name: string): string | undefined {
  const [, title, vob] = DVD.exec(name) ?? [];
  const [, number = '0', mts] = AVCHD.exec(name) ?? [];
  const before = String(Number(number) - 1).padStart(5, '0');
  const command = title
    ? `cat ${title}_[1-9]${vob} > ${title}${vob}`
    : mts && Number(number) > 0 && `cat ${before}${mts} ${name} > joined${mts}`;
  if (!command) return undefined;
  return `if it goes on where another file ends, join them first, so that no picture is lost between them: ${command}`;
}
