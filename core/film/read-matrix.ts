const IDENTITY = [65536, 0, 0, 0, 65536, 0, 0, 0, 1073741824];

type MatrixDump = { readonly side_data_type?: string | undefined; readonly displaymatrix?: string | undefined };

/** Returns the display matrix among ffprobe's side data; undefined where there is none, or one that changes nothing. */
export function matrixIn(list: readonly MatrixDump[]): readonly number[] | undefined {
  const dump = list.find((data) => data.side_data_type === 'Display Matrix')?.displaymatrix;
  const numbers = dump
    ?.split('\n')
    .flatMap((line) => [...line.replace(/^[0-9a-f]+:/i, '').matchAll(/-?\d+/g)].map(Number));
  if (numbers?.length !== 9 || numbers.every((value, i) => value === IDENTITY[i])) return undefined;
  return numbers;
}
