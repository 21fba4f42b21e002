import * as z from 'zod/mini';

/** An exact ratio, as ffprobe writes it: 30000/1001. */
export type Rational = { readonly num: number; readonly den: number };

/** "30000/1001" or "30000:1001"; undefined where either part is 0 or it is no ratio. */
export function parseRational(text: string | undefined): Rational | undefined {
  const match = /^(\d+)[/:](\d+)$/.exec(text ?? '');
  if (!match) return undefined;
  const ratio = { num: Number(match[1]), den: Number(match[2]) };
  return ratio.num > 0 && ratio.den > 0 ? ratio : undefined;
}

/** In its lowest terms. */
export function reduced({ num, den }: Rational): Rational {
  let [common, rest] = [num, den];
  while (rest !== 0) [common, rest] = [rest, common % rest];
  return { num: num / common, den: den / common };
}

export const times = (a: Rational, b: Rational): Rational => reduced({ num: a.num * b.num, den: a.den * b.den });

export const toNumber = ({ num, den }: Rational) => num / den;
export const formatRational = ({ num, den }: Rational) => `${num}/${den}`;

export const rational = z.object({ num: z.int(), den: z.int() });
