import { isDeepStrictEqual } from 'node:util';
import { mapPidsIn, type ProgramMap, type ProgramParts, programMapIn } from '../../core/recordings/program-maps.ts';
import { type ByteSource, withByteSource } from './byte-source.ts';
import type { Family } from './families.ts';
import { findPackets, type Packing, packetsIn, type TsPacket } from './ts-packets.ts';

const PROGRAMS_PID = 0;
/** A smaller file is read whole, so that no map is overlooked. */
const WHOLE_BYTES = 32 * 2 ** 20;
const PLACES = 32;
/** The maps come every half second at least in broadcasts (ETSI TR 101 290), which is this much at 16 Mbit/s. */
const BYTES_EACH = 2 ** 20;

/**
 * Returns the maps of all programs of a transport stream in file order: all of a small file, those at a few places of a large one; none of
 * any other file.
 */
export const programMapsOf = async (
  path: string,
  family: Family,
  signal: AbortSignal,
): Promise<readonly ProgramMap[]> =>
  family === 'ts' || family === 'm2ts' ? withByteSource(path, signal, programMaps) : [];

/** Returns the maps of a file's bytes, as `programMapsOf` does. */
export async function programMaps(source: ByteSource): Promise<readonly ProgramMap[]> {
  const packing = findPackets(await source.read(0, 64 * 1024))?.packing;
  if (!packing) return [];
  const reader = mapReader(packing);
  const isWhole = source.size <= WHOLE_BYTES;
  const places = isWhole ? Math.ceil(source.size / BYTES_EACH) : PLACES;
  let rest: Buffer = Buffer.alloc(0);
  for (let place = 0; place < places; place++) {
    const spread = Math.floor(((source.size - BYTES_EACH) * place) / Math.max(1, places - 1));
    const from = isWhole ? place * BYTES_EACH : spread;
    const bytes = await source.read(from, Math.min(BYTES_EACH, source.size - from));
    const joined: Buffer = isWhole ? Buffer.concat([rest, bytes]) : bytes;
    rest = joined.subarray(reader.read(joined, from - (isWhole ? rest.length : 0)));
  }
  return reader.maps();
}

function mapReader(packing: Packing) {
  const maps: (ProgramParts & { first: number; last: number })[] = [];
  const tables = tableReader();
  const add = (found: ProgramParts, byte: number) => {
    const before = maps.findLast(({ program }) => program === found.program);
    if (before && isDeepStrictEqual(before.kinds, found.kinds)) before.last = byte;
    else maps.push({ ...found, first: byte, last: byte });
  };
  return {
    maps: (): readonly ProgramMap[] => maps,
    /** Reads bytes of the file that lie at `from`. Returns how many were read, up to the end of the last whole packet. */
    read(bytes: Buffer, from: number): number {
      const at = findPackets(bytes)?.at ?? bytes.length;
      const end = bytes.length - ((bytes.length - at) % packing.stride);
      for (const packet of packetsIn(bytes.subarray(0, end), packing, at)) {
        const section = tables.mapSection(packet);
        const map = section && programMapIn(section);
        if (map) add(map, from + packet.sync - packing.prefix);
      }
      return end;
    },
  };
}

/** Follows the tables of a transport stream, whose packets are given in order. */
export function tableReader() {
  const mapPids = new Set<number>();
  const open = new Map<number, Buffer>();
  return {
    /** Whether a PID is that of the table of programs or of their maps, by what was read of them. */
    isOfPrograms: (pid: number): boolean => pid === PROGRAMS_PID || mapPids.has(pid),
    /** Returns a section of a program map that is whole with this packet. */
    mapSection({ pid, begins, payload, scrambled }: TsPacket): Buffer | undefined {
      if (payload.length === 0 || scrambled || (pid !== PROGRAMS_PID && !mapPids.has(pid))) return undefined;
      const section = begins ? payload.subarray(1 + payload.readUInt8(0)) : joined(open.get(pid), payload);
      if (!section) return undefined;
      if (pid === PROGRAMS_PID) for (const each of mapPidsIn(section)) mapPids.add(each);
      const isMap = pid !== PROGRAMS_PID && programMapIn(section) !== undefined;
      if (isMap || section.length > MOST_OF_SECTION) open.delete(pid);
      else open.set(pid, section);
      return isMap ? section : undefined;
    },
  };
}

const MOST_OF_SECTION = 4096;

const joined = (before: Buffer | undefined, payload: Buffer) => before && Buffer.concat([before, payload]);
