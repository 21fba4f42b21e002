import { PassThrough, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from '@jest/globals';
import { framePool, framesByNumber, nutChunks, readAhead } from '../../../media/nut/frames.ts';
import { readNutFrames } from '../../../media/nut/read-nut-frames.ts';
import { ffmpeg } from './ffmpeg.ts';

const video = { width: 640, height: 480, pixelFormat: 'gray', timeBase: { num: 1, den: 25 } } as const;
const BYTES = 640 * 480;

describe('the pool of frames', () => {
  it('uses the memory of a frame again only after it was given back, and only for its length', () => {
    const pool = framePool();
    const first = pool.allocate(8);
    expect(pool.allocate(8)).not.toBe(first);
    pool.release(first);
    expect(pool.allocate(9)).not.toBe(first);
    expect(pool.allocate(8)).toBe(first);
  });

  it('needs the memory of three frames for a film', async () => {
    const pool = framePool();
    let fresh = 0;
    const allocate = (bytes: number) => {
      const data = pool.allocate(bytes);
      if (!seen.has(data)) fresh++;
      seen.add(data);
      return data;
    };
    const seen = new Set<Uint8Array>();
    const source = new PassThrough();
    const sink = new PassThrough();
    const fed = pipeline(nutChunks(video, made(50)), source);
    const passed = pipeline(nutChunks(video, readNutFrames(source, { allocate }), pool.release), sink);
    const read: number[] = [];
    for await (const { pts, data } of readNutFrames(sink)) {
      expect(data.every((byte) => byte === pts)).toBe(true);
      read.push(pts);
    }
    await Promise.all([fed, passed]);
    expect(read).toHaveLength(50);
    expect(fresh).toBeLessThanOrEqual(3);
  });
});

describe('writing frames', () => {
  it('pulls a frame only when the process has taken the last one', async () => {
    const frames = made(10);
    const waiting: (() => void)[] = [];
    const slow = new Writable({ write: (_chunk, _encoding, done) => void waiting.push(done) });
    const written = pipeline(nutChunks(video, frames), slow);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    expect(frames.given()).toBeLessThanOrEqual(1);
    slow.destroy();
    await expect(written).rejects.toThrow();
  });

  it('closes the frames when the process dies', async () => {
    const frames = made(100_000);
    const dying = ffmpeg('-f', 'nut', '-i', 'pipe:0', '-frames:v', '2', '-f', 'null', '-');
    await expect(pipeline(nutChunks(video, frames), dying.stdin)).rejects.toThrow();
    expect(frames.closed()).toBe(true);
  });

  it('closes the frames and ends the stream when it is aborted', async () => {
    const frames = made(100_000);
    const stop = new AbortController();
    const stuck = new PassThrough();
    const written = pipeline(nutChunks(video, frames), stuck, { signal: stop.signal });
    setTimeout(() => stop.abort(), 10);
    await expect(written).rejects.toMatchObject({ name: 'AbortError' });
    expect(frames.closed()).toBe(true);
    expect(stuck.destroyed).toBe(true);
  });
});

describe('framesByNumber', () => {
  const ranges = async (
    tape: ReturnType<typeof framesByNumber<{ pts: number; data: Uint8Array }>>,
    all: number[][],
  ) => {
    const found: number[][] = [];
    for (const [from = 0, to = 0] of all) {
      const pts: number[] = [];
      for await (const frame of tape(from, to)) {
        expect(frame.data[0]).toBe(frame.pts);
        frame.data.fill(255); // a reader may overwrite the memory of its frame
        pts.push(frame.pts);
      }
      found.push(pts);
    }
    return found;
  };

  it('feeds segment after segment, and skips frames between them', async () => {
    const found = await ranges(framesByNumber(made(10), 0), [
      [0, 3],
      [5, 7],
      [7, 99],
      [99, 100],
    ]);
    expect(found).toEqual([[0, 1, 2], [5, 6], [7, 8, 9], []]);
  });

  it('gives the last few frames again, unchanged', async () => {
    const found = await ranges(framesByNumber(made(12), 4), [
      [0, 5],
      [2, 8],
      [4, 8],
      [9, 99],
    ]);
    expect(found).toEqual([
      [0, 1, 2, 3, 4],
      [2, 3, 4, 5, 6, 7],
      [4, 5, 6, 7],
      [9, 10, 11],
    ]);
  });

  it('refuses frames before the kept ones', async () => {
    const again = ranges(framesByNumber(made(12), 2), [
      [0, 6],
      [3, 8],
    ]);
    await expect(again).rejects.toThrow('frame 3 is no longer kept: the next is 6');
  });

  it('reads ahead as far as it may, and no farther', async () => {
    const frames = made(10);
    const ahead = readAhead(frames, 3);
    await ahead.next();
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    expect(frames.given()).toBe(3);
    await ahead.return();
    expect(frames.closed()).toBe(true);
  });

  it('gives the frames that were read before a failure, and then the failure', async () => {
    async function* failing() {
      yield 1;
      yield 2;
      throw new Error('the decoder died');
    }
    const seen: number[] = [];
    const read = (async () => {
      for await (const item of readAhead(failing(), 4)) seen.push(item);
    })();
    await expect(read).rejects.toThrow('the decoder died');
    expect(seen).toEqual([1, 2]);
  });
});

function made(count: number) {
  let [given, closed] = [0, false];
  async function* frames() {
    try {
      for (let pts = 0; pts < count; pts++) {
        given++;
        yield { pts, data: new Uint8Array(BYTES).fill(pts) };
      }
    } finally {
      closed = true;
    }
  }
  return Object.assign(frames(), { given: () => given, closed: () => closed });
}
