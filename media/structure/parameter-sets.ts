import type { ByteSource } from './byte-source.ts';
import { broken } from './refusals.ts';

const PLACES = 16;
const BYTES_EACH = 256 * 1024;
/** Encoders write one set a keyframe; ffmpeg keeps what follows no picture, and a million of them took it 17 GB. */
const MOST_A_PLACE = 2000;

/** H.264's and HEVC's sequence parameter sets, by the byte behind a start code. */
const SEQUENCE_SETS: ReadonlySet<number> = new Set([0x67, 0x47, 0x27, 0x07, 0x42]);

/** Refuses a stream of start codes that is made of nothing but changes of its parameters. Looks at a few places. */
export async function refuseParameterFlood(source: ByteSource): Promise<void> {
  for (let place = 0; place < PLACES; place += 1) {
    const at = Math.floor((Math.max(0, source.size - BYTES_EACH) * place) / (PLACES - 1));
    const { sets, all } = countUnits(await source.read(at, BYTES_EACH));
    if (sets > MOST_A_PLACE && sets > all / 2)
      throw broken(source, `from byte ${at} on, ${sets} of ${all} units are new parameters without a picture`);
  }
}

const START_CODE = Buffer.from([0, 0, 1]);

function countUnits(bytes: Buffer): { readonly sets: number; readonly all: number } {
  let sets = 0;
  let all = 0;
  for (let at = bytes.indexOf(START_CODE); at >= 0; at = bytes.indexOf(START_CODE, at + 3)) {
    all += 1;
    if (SEQUENCE_SETS.has(bytes[at + 3] ?? 0)) sets += 1;
  }
  return { sets, all };
}
