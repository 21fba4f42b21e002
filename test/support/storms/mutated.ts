import { seeded } from './seeded.ts';

/** What is done to a file: its name says it in the table. */
export const MUTATIONS = [
  'bits',
  'bytes',
  'cut short',
  'hole',
  'zeros',
  'doubled',
  'swapped',
  'spliced',
  'header',
  'sizes',
] as const;
export type Mutation = (typeof MUTATIONS)[number];

type Mutant = { readonly mutation: Mutation; readonly bytes: Buffer };

/** Header and index of small files lie in this much of their beginning or end, where most of the damage that matters happens. */
const EDGE = 4096;

/** Returns a damaged copy of a file, the same one for the same seed. `other` is a file to splice from. */
export function mutated(original: Buffer, other: Buffer, seed: number): Mutant {
  const random = seeded(seed);
  const upTo = (limit: number) => Math.floor(random() * limit);
  const mutation = MUTATIONS[seed % MUTATIONS.length] ?? 'bits';
  const bytes = Buffer.from(original);
  const { length } = bytes;
  // one half anywhere, one quarter at each end
  const place = () => {
    const where = upTo(4);
    return where < 2
      ? upTo(length)
      : where === 2
        ? upTo(Math.min(EDGE, length))
        : length - 1 - upTo(Math.min(EDGE, length));
  };
  const range = () => {
    const from = place();
    return { from, to: Math.min(length, from + 1 + upTo(2 ** (1 + upTo(14)))) };
  };
  const flip = (at: number) => {
    bytes[at] = (bytes[at] ?? 0) ^ (1 << upTo(8));
  };
  const times = 1 + upTo(8);
  switch (mutation) {
    case 'bits':
      for (let i = 0; i < times; i++) flip(place());
      return { mutation, bytes };
    case 'bytes':
      for (let i = 0; i < times; i++) bytes[place()] = upTo(256);
      return { mutation, bytes };
    case 'cut short':
      return { mutation, bytes: bytes.subarray(0, upTo(length)) };
    case 'hole': {
      const { from, to } = range();
      return { mutation, bytes: Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]) };
    }
    case 'zeros': {
      const { from, to } = range();
      return { mutation, bytes: bytes.fill(0, from, to) };
    }
    case 'doubled': {
      const { from, to } = range();
      return { mutation, bytes: Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]) };
    }
    case 'swapped': {
      const [a, b, c] = [place(), place(), place()].sort((x, y) => x - y);
      const parts = [bytes.subarray(0, a), bytes.subarray(b, c), bytes.subarray(a, b), bytes.subarray(c)];
      return { mutation, bytes: Buffer.concat(parts) };
    }
    case 'spliced': {
      const { from, to } = range();
      const start = upTo(other.length);
      return {
        mutation,
        bytes: Buffer.concat([bytes.subarray(0, from), other.subarray(start, start + to - from), bytes.subarray(to)]),
      };
    }
    case 'header':
      for (let i = 0; i < times; i++) flip(upTo(Math.min(EDGE, length)));
      return { mutation, bytes };
    case 'sizes':
      return { mutation, bytes: withAbsurdSize(bytes, random) };
  }
}

const ABSURD = [0, 1, 7, 8, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff];

/** Names of boxes and chunks are four letters, with a size of four bytes before or behind them: one of these becomes absurd. */
function withAbsurdSize(bytes: Buffer, random: () => number): Buffer {
  const names: number[] = [];
  for (let i = 4; i + 8 <= bytes.length && names.length < 4096; i++) {
    if (/^[a-zA-Z]{4}$/.test(bytes.toString('latin1', i, i + 4))) names.push(i);
  }
  const at = names[Math.floor(random() * names.length)] ?? 4;
  const size = ABSURD[Math.floor(random() * ABSURD.length)] ?? 0;
  if (at + 8 <= bytes.length) bytes.writeUInt32BE(size, random() < 0.8 ? at - 4 : at + 4);
  return bytes;
}
