import type { ByteSource } from './byte-source.ts';
import { broken } from './refusals.ts';

const PLACES = 16;
const BYTES_EACH = 256 * 1024;
/** Encoders write one set a keyframe. ffmpeg keeps sets that no picture follows: a million of them took 17 GB of memory. */
const MOST_A_PLACE = 2000;

/** The first bytes of the sequence parameter sets of H.264 and HEVC, behind a start code. */
const SEQUENCE_SETS: ReadonlySet<number> = new Set([0x67, 0x47, 0x27, 0x07, 0x42]);

/** Throws `bad-input` for a stream that consists of parameter sets without pictures, by samples at a few positions. */
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
