import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { frameBytes, RAW_PIXEL_FORMATS, type RawPixelFormat } from '../../../core/film/raw-formats.ts';
import { crcOf, FILE_ID, packet, STARTCODE, uint32, varint } from '../../../media/nut/nut-format.ts';
import { nutWriter, type RawVideo } from '../../../media/nut/nut-writer.ts';
import { readNutFrames } from '../../../media/nut/read-nut-frames.ts';

const small: RawVideo = { width: 4, height: 2, pixelFormat: 'yuv420p', timeBase: { num: 1, den: 25 } };

describe('reading raw frames', () => {
  it('gives back what was written, however the bytes are cut up', async () => {
    const video = fc.record({
      width: fc.integer({ min: 1, max: 70 }),
      height: fc.integer({ min: 1, max: 70 }),
      pixelFormat: fc.constantFrom<RawPixelFormat>(...RAW_PIXEL_FORMATS),
      timeBase: fc.constantFrom({ num: 1, den: 90_000 }, { num: 1001, den: 30_000 }, { num: 1, den: 2 ** 31 - 1 }),
      sar: fc.constantFrom(undefined, { num: 64, den: 45 }),
    });
    const times = fc.uniqueArray(
      fc.oneof(
        fc.nat(),
        fc.maxSafeNat().map((n) => Math.floor(n / 2)),
      ),
      { maxLength: 6 },
    );
    const cuts = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(video, times, cuts, async (shape, pts, lengths) => {
        const frames = pts.map((time, index) => ({ pts: time, data: picture(shape, index) }));
        const read = await all(readNutFrames(cut(written(shape, frames), lengths)));
        expect(read.map(({ pts, data }) => ({ pts, data: Uint8Array.from(data) }))).toEqual(frames);
        for (const frame of read) expect(frame).toMatchObject(shape);
      }),
      { numRuns: 60 },
    );
  });

  it('reads no more of the stream than the requested frames need', async () => {
    const bytes = written(
      small,
      [0, 1, 2, 3].map((pts) => ({ pts, data: picture(small, pts) })),
    );
    const stream = counting(cut(bytes, [8]));
    const frames = readNutFrames(stream);
    await frames.next();
    const one = stream.taken();
    await frames.next();
    const two = stream.taken();
    expect(two - one).toBeLessThan(80);
    expect(bytes.length - two).toBeGreaterThan(40);
    await frames.return();
    expect(stream.closed()).toBe(true);
  });

  it('reads into the memory that allocate returns', async () => {
    const memory = new Uint8Array(12);
    const frames = readNutFrames(cut(written(small, [{ pts: 0, data: picture(small, 7) }]), [64]), {
      allocate: () => memory,
    });
    expect((await frames.next()).value?.data).toBe(memory);
    expect(memory).toEqual(picture(small, 7));
  });

  it('finds no frames in a stream of headers alone', async () => {
    expect(await all(readNutFrames(cut(written(small, []), [64])))).toEqual([]);
  });

  const whole = written(
    small,
    [0, 1].map((pts) => ({ pts, data: picture(small, pts) })),
  );
  const headers = nutWriter(small).header.length;

  it.each([
    { does: 'an empty stream', bytes: new Uint8Array(0), says: 'it is empty' },
    { does: 'a text', bytes: new TextEncoder().encode('#EXTM3U\nhttp://example.com/secret.ts\n'), says: 'file id' },
    { does: 'a cut file id', bytes: whole.subarray(0, 10), says: 'it ends at byte 10' },
    { does: 'a cut header', bytes: whole.subarray(0, 40), says: 'it ends at byte' },
    { does: 'a cut syncpoint', bytes: whole.subarray(0, headers + 5), says: 'it ends at byte' },
    { does: 'a cut frame', bytes: whole.subarray(0, whole.length - 1), says: `it ends at byte ${whole.length - 1}` },
    { does: 'a damaged main header', bytes: damaged(whole, 40), says: 'wrong checksum' },
    { does: 'a damaged stream header', bytes: damaged(whole, headers - 8), says: 'wrong checksum' },
    { does: 'a damaged startcode', bytes: damaged(whole, headers + 2), says: 'no startcode' },
    { does: 'a damaged syncpoint', bytes: damaged(whole, headers + 9), says: 'wrong checksum' },
    { does: 'a damaged frame head', bytes: damaged(whole, headers + 16), says: 'wrong checksum' },
    {
      does: 'an unknown pixel format',
      bytes: tagged(whole, 'I420', 'XVID'),
      says: 'unknown pixel format XVID; there are: yuv420p,',
    },
    {
      does: 'frames of another size',
      bytes: tagged(whole, 'I420', '444P'),
      says: 'a frame of 12 bytes instead of 24',
    },
    { does: 'an endless header', bytes: endless(), says: 'a header of 1073741824 bytes' },
  ])('refuses $does', async ({ bytes, says }) => {
    const refused = all(readNutFrames(cut(bytes, [7])));
    await expect(refused).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining(says) });
  });

  it('refuses or reads a damaged stream, and never hangs, grows or fails otherwise', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(254), async (at, by) => {
        const bytes = Uint8Array.from(whole, (byte, i) => (i === at ? (byte + by + 1) & 255 : byte));
        const read = await all(readNutFrames(cut(bytes, [50]))).catch((error: unknown) => error);
        if (!Array.isArray(read)) expect(read).toMatchObject({ code: 'bad-input' });
      }),
      { numRuns: 400 },
    );
  });
});

describe('writing raw frames', () => {
  it.each([
    { does: 'a time before 0', pts: -1, bytes: 12 },
    { does: 'a time between ticks', pts: 0.5, bytes: 12 },
    { does: 'a frame of another size', pts: 0, bytes: 13 },
  ])('refuses $does as a bug', ({ pts, bytes }) => {
    expect(() => nutWriter(small).frameHead(pts, new Uint8Array(bytes))).toThrow(RangeError);
  });
});

function picture({ pixelFormat, width, height }: RawVideo, seed: number): Uint8Array {
  return Uint8Array.from({ length: frameBytes(pixelFormat, width, height) }, (_, i) => (i * 7 + seed * 31) & 255);
}

function written(video: RawVideo, frames: { pts: number; data: Uint8Array }[]): Uint8Array {
  const writer = nutWriter(video);
  return Buffer.concat([writer.header, ...frames.flatMap(({ pts, data }) => [writer.frameHead(pts, data), data])]);
}

async function* cut(bytes: Uint8Array, lengths: number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = lengths[i % lengths.length] ?? 1;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

function counting(stream: AsyncGenerator<Uint8Array>) {
  let [taken, closed] = [0, false];
  async function* through() {
    try {
      for await (const chunk of stream) {
        taken += chunk.length;
        yield chunk;
      }
    } finally {
      closed = true;
    }
  }
  return Object.assign(through(), { taken: () => taken, closed: () => closed });
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

function damaged(bytes: Uint8Array, at: number): Uint8Array {
  return Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ 1 : byte));
}

/** The stream with another pixel format under a correct checksum. */
function tagged(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const changed = Buffer.from(bytes);
  changed.write(to, changed.indexOf(from), 'latin1');
  const start = changed.indexOf(Buffer.from('NS\x11@', 'latin1')) + 9;
  const end = start + (changed[start - 1] ?? 0) - 4;
  changed.writeUInt32BE(crcOf(changed.subarray(start, end)), end);
  return changed;
}

function endless(): Uint8Array {
  const head = Buffer.from([...packet(STARTCODE.main, []).subarray(0, 8), ...varint(2 ** 30)]);
  return Buffer.concat([FILE_ID, head, Buffer.from(uint32(crcOf(head)))]);
}
