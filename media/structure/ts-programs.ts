import { isDeepStrictEqual } from 'node:util';
import { CLOCK_RANGE, shownTicks } from '../../core/recordings/clock-fields.ts';
import { mapPidsIn, type ProgramMap, type ProgramParts, programMapIn } from '../../core/recordings/program-maps.ts';
import { TICKS_A_SECOND } from '../../core/recordings/recordings.ts';
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
  return isWhole ? reader.maps() : narrowed(source, packing, reader);
}

/** Returns maps with the bytes at which they change, where they were found at a few places only. */
async function narrowed(
  source: ByteSource,
  packing: Packing,
  reader: ReturnType<typeof mapReader>,
): Promise<readonly ProgramMap[]> {
  const found: ProgramMap[] = [];
  const again = () => mapReader(packing, reader.firstTicks());
  for (const map of reader.maps()) {
    const before = found.findLastIndex(({ program }) => program === map.program);
    const from = found[before];
    const border = from && (await borderOf(source, again, [from, map]));
    if (border) found[before] = { ...from, last: border.last };
    found.push(border ? { ...map, ...border.begins } : map);
  }
  return found;
}

/** Returns where one map is found last, and another of its program first: as near to each other as one reading shows. */
async function borderOf(
  source: ByteSource,
  readerOf: () => ReturnType<typeof mapReader>,
  [before, behind]: readonly [ProgramMap, ProgramMap],
) {
  let [last, begins] = [before.last, behind];
  while (begins.first - last > BYTES_EACH) {
    const from = Math.max(last + 1, Math.floor((last + begins.first - BYTES_EACH) / 2));
    const reader = readerOf();
    reader.read(await source.read(from, Math.min(BYTES_EACH, begins.first - from)), from);
    const own = reader.maps().filter(({ program }) => program === before.program);
    const still = own.findLast(({ kinds }) => isDeepStrictEqual(kinds, before.kinds));
    const other = own.find(({ kinds }) => !isDeepStrictEqual(kinds, before.kinds));
    if (!still && !other) break; // no map is sent here
    last = still?.last ?? last;
    begins = other ?? begins;
  }
  const { first, seconds } = begins;
  // a clock that tells nothing at the places read first tells nothing between them
  return { last, begins: { first, seconds: behind.seconds === undefined ? undefined : seconds } };
}

/** A clock that goes back by more than a second is that of another recording, and tells nothing of the time from the beginning. */
const BACK_TICKS = TICKS_A_SECOND;
/** The ids of streams of pictures, of MPEG and others (ISO/IEC 13818-1 table 2-22). */
const isPictureId = (id: number | undefined): boolean =>
  id !== undefined && ((id >= 0xe0 && id <= 0xef) || id === 0xfd);

/** Follows when the pictures of a file are shown, from its first on, which is shown at `first` ticks where that is known. */
function shownClock(first: number | undefined) {
  let [latest, isKnown] = [Number.NEGATIVE_INFINITY, true];
  return {
    firstTicks: () => first,
    /** Returns when a picture that begins in the packet is shown, in seconds from the first one; undefined where the packet or its clock does not tell. */
    secondsIn({ begins, payload, scrambled }: TsPacket): number | undefined {
      if (!begins || scrambled || !isPictureId(payload[3])) return undefined;
      const ticks = shownTicks(payload, 0);
      if (ticks === undefined) return undefined;
      first ??= ticks;
      const now = ticks - first + (ticks - first < latest - CLOCK_RANGE / 2 ? CLOCK_RANGE : 0);
      isKnown &&= latest === Number.NEGATIVE_INFINITY || now > latest - BACK_TICKS;
      latest = Math.max(latest, now);
      return isKnown ? Math.max(0, now) / TICKS_A_SECOND : undefined;
    },
  };
}

function mapReader(packing: Packing, firstTicks?: number) {
  const maps: (ProgramParts & { first: number; last: number; seconds?: number | undefined })[] = [];
  const tables = tableReader();
  const pictures = shownClock(firstTicks);
  let waiting: (typeof maps)[number][] = [];
  const add = (found: ProgramParts, byte: number) => {
    const before = maps.findLast(({ program }) => program === found.program);
    // a later map of the same parts may say more of them
    if (before && isDeepStrictEqual(before.kinds, found.kinds))
      Object.assign(before, { ...found, ...before }, { last: byte });
    else {
      const map = { ...found, first: byte, last: byte };
      maps.push(map);
      waiting.push(map);
    }
  };
  return {
    firstTicks: pictures.firstTicks,
    maps: (): readonly ProgramMap[] => maps,
    /** Reads bytes of the file that lie at `from`. Returns how many were read, up to the end of the last whole packet. */
    read(bytes: Buffer, from: number): number {
      const at = findPackets(bytes)?.at ?? bytes.length;
      const end = bytes.length - ((bytes.length - at) % packing.stride);
      for (const packet of packetsIn(bytes.subarray(0, end), packing, at)) {
        const section = tables.mapSection(packet);
        const map = section && programMapIn(section);
        if (map) add(map, from + packet.sync - packing.prefix);
        const seconds = pictures.secondsIn(packet);
        if (seconds === undefined) continue;
        for (const each of waiting) each.seconds = seconds;
        waiting = [];
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
