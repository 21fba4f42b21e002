import { movePes, moveScr } from '../../core/recordings/clock-fields.ts';
import { walkProgram } from '../structure/program-walker.ts';
import { PACK_CODE } from '../structure/ps-packets.ts';
import type { TimesMover } from './times-mover.ts';

const SYSTEM_CODE = 0xbb;

/** Moves the times of PES packets and the clock references of packs in a program stream (ISO/IEC 13818-1 2.5.3, ISO/IEC 11172-1). */
export const moveProgramTimes: TimesMover = (bytes, ticksFrom, isEnd) =>
  walkProgram(bytes, isEnd, (at, code) => {
    const ticks = ticksFrom(at);
    if (ticks === 0) return;
    if (code === PACK_CODE) moveScr(bytes, at, ticks);
    else if (code > SYSTEM_CODE) movePes(bytes, at, ticks);
  });
