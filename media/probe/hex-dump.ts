/** Returns the bytes of ffprobe's hex dump, whose lines are like "00000010: 5f2a 00ff ...  _*......"; 39 columns hold the numbers. */
export function bytesOfDump(dump = ''): Uint8Array {
  const numbers = dump.split('\n').map((line) => /^[0-9a-f]{8}: (.{39})/.exec(line)?.[1]?.replaceAll(' ', '') ?? '');
  return Uint8Array.from(Buffer.from(numbers.join(''), 'hex'));
}
