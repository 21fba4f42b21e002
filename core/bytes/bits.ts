/** Reads bits, most significant first, and numbers of the Exp-Golomb code (ITU-T H.264 and H.265, 9.1 and 9.2). Behind the end all bits are 0. */
export function bitsOf(bytes: Uint8Array) {
  let at = 0;
  const bit = () => {
    const value = ((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1;
    at++;
    return value;
  };
  const take = (count: number) => {
    let value = 0;
    for (let i = 0; i < count; i++) value = 2 * value + bit();
    return value;
  };
  const number = () => {
    let zeros = 0;
    while (bit() === 0 && at < 8 * bytes.length) zeros++;
    return 2 ** zeros - 1 + take(zeros);
  };
  return { bit, number, take, at: () => at };
}
