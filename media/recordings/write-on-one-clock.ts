import type { OneClockTask } from '../../core/ports/file-maker.ts';
import type { ClockMove } from '../../core/recordings/recordings.ts';
import { BARE, findPackets } from '../structure/ts-packets.ts';
import { moveProgramTimes } from './program-times.ts';
import { rewriteFile } from './rewrite-file.ts';
import type { TimesMover } from './times-mover.ts';
import { moveTransportTimes } from './transport-times.ts';

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
  const rewrite = (bytes: Buffer, from: number, isEnd: boolean) => {
    mover ??= moverOf(bytes);
    return mover(bytes, (place) => ticksFrom(from + place), isEnd);
  };
  await rewriteFile({ path, output }, rewrite, signal);
}

function moverOf(bytes: Buffer): TimesMover {
  const packing = findPackets(bytes)?.packing ?? BARE;
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
