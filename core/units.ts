/** An exact ratio, as ffprobe writes it: 30000/1001. */
export type Rational = { readonly num: number; readonly den: number };

/** Reads "30000/1001" or "30000:1001"; undefined if the text is not a ratio of two positive numbers. */
export function parseRational(text: string | undefined): Rational | undefined {
  const match = /^(\d+)[/:](\d+)$/.exec(text ?? '');
  if (!match) return undefined;
  const ratio = { num: Number(match[1]), den: Number(match[2]) };
  return ratio.num > 0 && ratio.den > 0 ? ratio : undefined;
}

/** Returns the ratio in its lowest terms. */
export function reduced({ num, den }: Rational): Rational {
  const common = greatestCommonDivisor(num, den);
  return { num: num / common, den: den / common };
}

/** The greatest common divisor of two whole numbers that are not negative. */
export function greatestCommonDivisor(a: number, b: number): number {
  let [common, rest] = [a, b];
  while (rest !== 0) [common, rest] = [rest, common % rest];
  return common;
}

/** Returns the product of two rationals, in lowest terms. */
export const times = (a: Rational, b: Rational): Rational => reduced({ num: a.num * b.num, den: a.den * b.den });

export const toNumber = ({ num, den }: Rational) => num / den;
export const formatRational = ({ num, den }: Rational) => `${num}/${den}`;
