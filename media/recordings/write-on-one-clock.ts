import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ServiceError } from '../../core/errors.ts';
import type { ClockMove } from '../../core/film/recordings.ts';
import type { OneClockTask } from '../../core/ports/file-maker.ts';
import { writeFailure } from '../process/write-failure.ts';
import { findPackets } from '../structure/ts-packets.ts';
import { moveProgramTimes } from './program-times.ts';
import type { TimesMover } from './times-mover.ts';
import { moveTransportTimes } from './transport-times.ts';

const CHUNK_BYTES = 1 << 20;

/**
 * Copies a transport or program stream with the times of its recordings moved onto one clock; every other byte stays as it is. Packets
 * that cannot be read keep their times.
 */
export async function writeOnOneClock(
  { path, isProgram, moves, output }: OneClockTask,
  signal: AbortSignal,
): Promise<void> {
  let mover: TimesMover | undefined = isProgram ? moveProgramTimes : undefined;
  const ticksFrom = ticksOf(moves);
  async function* movedBytes(chunks: AsyncIterable<Buffer>) {
    let rest: Buffer = Buffer.alloc(0);
    let at = 0;
    const moved = (bytes: Buffer, isEnd: boolean) => {
      mover ??= moverOf(bytes);
      const from = at;
      const done = mover(bytes, (place) => ticksFrom(from + place), isEnd);
      rest = bytes.subarray(done);
      at += done;
      return bytes.subarray(0, done);
    };
    for await (const chunk of chunks) yield moved(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]), false);
    yield moved(rest, true);
    yield rest;
  }
  try {
    const from = createReadStream(path, { highWaterMark: CHUNK_BYTES });
    await writeFailure(pipeline(from, movedBytes, createWriteStream(output), { signal }), output);
  } catch (error) {
    if (signal.aborted) throw new ServiceError('interrupted', 'stopped while copying', {}, { cause: error });
    throw error;
  }
}

function moverOf(bytes: Buffer): TimesMover {
  const packing = findPackets(bytes)?.packing ?? { stride: 188, prefix: 0 };
  return moveTransportTimes(packing);
}

/** Returns what is added to times at a place. Places are asked for in ascending order. */
function ticksOf(moves: readonly ClockMove[]): (at: number) => number {
  let next = 0;
  let ticks = 0;
  return (at) => {
    for (let move = moves[next]; move && move.fromByte <= at + NEAR_BYTES; move = moves[++next]) ticks = move.ticks;
    return ticks;
  };
}

/** Demuxers tell the place of a packet some bytes off where packets have time stamps before them. No two packets are so near. */
const NEAR_BYTES = 24;
