import { expect, it } from '@jest/globals';
import { partRange, planParts } from '../../../../core/upload/plan-parts.ts';
import { sendFile } from '../../../../web/src/upload/send-file.ts';
import { slots } from '../../../../web/src/upload/slots.ts';
import { uploadServer } from '../../support/upload-server.ts';

const BYTES = 100_000_000_000;

/** A file of 100 GB of which slices can be asked for, as of a File that nobody reads as a whole. */
function largeFile() {
  const read: (readonly [number, number])[] = [];
  const slice = (start: number, end: number) => {
    read.push([start, end]);
    return new Blob(['what is there']);
  };
  return { file: { size: BYTES, slice } as unknown as Blob, read };
}

it('goes on with 100 GB within the limits of S3, and reads the part alone that is missing', async () => {
  const begun = { upload: 'upload-1', ...planParts(BYTES) };
  expect(begun.parts).toBeLessThanOrEqual(10_000);
  const missing = 4321;
  const there = Array.from({ length: begun.parts }, (_, index) => index + 1).flatMap((number) => {
    const { start, end } = partRange(begun, number);
    return number === missing ? [] : [{ number, bytes: end - start, checksum: 'x' }];
  });
  const { ports } = uploadServer();
  const { file, read } = largeFile();
  const told: number[] = [];
  let completed: readonly unknown[] = [];
  await sendFile(
    {
      begun,
      file,
      signal: new AbortController().signal,
      lines: slots(4),
      onBytes: (bytes) => told.push(bytes),
      onTrouble: () => undefined,
    },
    {
      ...ports,
      partsOf: async () => there,
      sign: async () => ({ url: '', headers: {} }),
      put: async () => ({ status: 200, reason: '' }),
      complete: async (_upload, parts) => {
        completed = parts;
      },
    },
  );
  const { start, end } = partRange(begun, missing);
  expect(read).toEqual([[start, end]]);
  expect([told[0], told.at(-1)]).toEqual([BYTES - (end - start), BYTES]);
  expect(completed).toHaveLength(begun.parts);
});

it('sends nothing of a file that has another size than when its upload began', async () => {
  const { ports, counts } = uploadServer();
  const begun = { upload: 'upload-1', bytes: 8, partBytes: 4, parts: 2 };
  const task = {
    begun,
    file: new Blob(['another size']),
    signal: new AbortController().signal,
    lines: slots(4),
    onBytes: () => undefined,
    onTrouble: () => undefined,
  };
  await expect(sendFile(task, ports)).rejects.toThrow('the file has 12 bytes now and had 8');
  expect(counts.puts).toBe(0);
});
