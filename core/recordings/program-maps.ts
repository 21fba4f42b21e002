import type { NamedCaptions } from '../film/probe.ts';
import { clock } from '../format.ts';
import { namedCaptionsIn } from './named-captions.ts';

/** What a program of a transport stream consists of: the `stream_type` of each PID (ISO/IEC 13818-1 2.4.4.8). */
export type ProgramParts = {
  readonly program: number;
  readonly kinds: ReadonlyMap<number, number>;
  /** The closed captions that descriptors name, by the PID of their picture; absent where none does. */
  readonly captions?: ReadonlyMap<number, readonly NamedCaptions[]>;
};

/** The parts of a program, and the bytes of the file at which its map was found first and last before another one took its place. */
export type ProgramMap = ProgramParts & {
  readonly first: number;
  readonly last: number;
  /** When the picture behind `first` is shown, in seconds from the file's first picture; undefined where its clock does not tell. */
  readonly seconds?: number | undefined;
};

/** Says where a map begins to hold, for people who cut the file there. */
const placeOf = ({ first, seconds }: ProgramMap): string =>
  seconds === undefined ? `at byte ${first}` : `at ${clock(seconds, 0.1)} (byte ${first})`;

/** Names what follows each other in maps, each but the first with its place; one name where it stays as it is. */
function inOrder(named: readonly { readonly map: ProgramMap; readonly name: string }[]): readonly string[] {
  const first = named.filter(({ name }, i) => named.findIndex((each) => each.name === name) === i);
  return first.map(({ map, name }, i) => (i === 0 ? name : `${name} ${placeOf(map)}`));
}

/** Reads a section of the program map table behind its pointer field; undefined for any other section, and for one that is not whole. */
export function programMapIn(section: Buffer): ProgramParts | undefined {
  const end = sectionEnd(section);
  if (end === undefined || section[0] !== MAP_TABLE) return undefined;
  const kinds = new Map<number, number>();
  const captions = new Map<number, readonly NamedCaptions[]>();
  for (let at = 12 + (section.readUInt16BE(10) & 0x0fff); at + 5 <= end; at += 5 + lengthAt(section, at + 3)) {
    const pid = section.readUInt16BE(at + 1) & 0x1fff;
    kinds.set(pid, section.readUInt8(at));
    const named = namedCaptionsIn(section.subarray(at + 5, Math.min(end, at + 5 + lengthAt(section, at + 3))));
    if (named.length > 0) captions.set(pid, named);
  }
  return { program: section.readUInt16BE(3), kinds, ...(captions.size > 0 && { captions }) };
}

/** Reads the PIDs of the maps of all programs from a section of the program association table; none from any other section. */
export function mapPidsIn(section: Buffer): readonly number[] {
  if (section.length < 8 || section[0] !== ASSOCIATION_TABLE) return [];
  const end = Math.min(section.length, 3 + lengthAt(section, 1)) - CHECKSUM_BYTES;
  const pids: number[] = [];
  for (let at = 8; at + 4 <= end; at += 4) {
    const isProgram = section.readUInt16BE(at) !== 0; // number 0 names the network's table
    if (isProgram) pids.push(section.readUInt16BE(at + 2) & 0x1fff);
  }
  return pids;
}

const ASSOCIATION_TABLE = 0x00;
/** Identifies the sections of program maps (ISO/IEC 13818-1 table 2-31). */
export const MAP_TABLE = 0x02;
const CHECKSUM_BYTES = 4;

/** Reads a length of 12 bits. */
export const lengthAt = (section: Buffer, at: number): number => section.readUInt16BE(at) & 0x0fff;

/** Returns where the entries of a section end, which is before its checksum; undefined where it is not whole. */
export function sectionEnd(section: Buffer): number | undefined {
  if (section.length < 12) return undefined;
  const end = 3 + lengthAt(section, 1) - CHECKSUM_BYTES;
  return end + CHECKSUM_BYTES > section.length ? undefined : end;
}

/** Kinds of pictures that one decoder takes have one name (ISO/IEC 13818-1 table 2-34, and private ones that ffmpeg knows). */
const PICTURES: ReadonlyMap<number, string> = new Map([
  [0x01, 'MPEG-2'],
  [0x02, 'MPEG-2'],
  [0x10, 'MPEG-4'],
  [0x1b, 'H.264'],
  [0x24, 'HEVC'],
  [0x33, 'VVC'],
  [0x42, 'AVS'],
  [0xd1, 'Dirac'],
  [0xea, 'VC-1'],
]);

/**
 * Returns how the picture of a transport stream becomes another one midway by the maps of its program, in file order: its codec
 * changes, or it goes on under another PID. A demuxer keeps the codec of the first map and makes another stream of another PID, so
 * that a part of the film would be missing. Returns undefined where nothing of the kind happens.
 */
export function pictureGoesOn(maps: readonly ProgramMap[], pid: number): string | undefined {
  const having = maps.filter(({ kinds }) => PICTURES.has(kinds.get(pid) ?? NO_KIND));
  const codecs = inOrder(having.map((map) => ({ map, name: PICTURES.get(map.kinds.get(pid) ?? NO_KIND) ?? '' })));
  if (codecs.length > 1) return `the codec of its picture changes midway: ${codecs.join(', then ')}`;
  const besides = new Set(having.flatMap(picturePids));
  const programs = new Set(having.map(({ program }) => program));
  const [begins, ends] = [Math.min(...having.map(({ first }) => first)), Math.max(...having.map(({ last }) => last))];
  // another program that is sent at the same time is another film
  const instead = maps.filter(
    ({ program, kinds, first, last }) => !kinds.has(pid) && (programs.has(program) || last < begins || first > ends),
  );
  const others = instead.map((map) => ({ map, other: picturePids(map).find((each) => !besides.has(each)) }));
  const found = others.find(({ other }) => other !== undefined);
  if (having.length === 0 || !found) return undefined;
  // the other one may come first
  const place = placeOf(found.map.first > begins ? found.map : (having[0] ?? found.map));
  return `its picture goes on in another stream midway: PID ${pid} and PID ${found.other} replace each other ${place}`;
}

const NO_KIND = -1;

const picturePids = ({ kinds }: ProgramParts): readonly number[] =>
  [...kinds].flatMap(([pid, kind]) => (PICTURES.has(kind) ? [pid] : []));

/** Returns how sounds of a program replace each other by its maps in file order, as pairs of PIDs. */
export function soundsReplaced(maps: readonly ProgramMap[]): readonly (readonly [before: number, after: number])[] {
  const pairs = new Map<string, readonly [number, number]>();
  for (const program of new Set(maps.map((map) => map.program))) {
    const own = maps.filter((map) => map.program === program).map(soundPids);
    for (const [i, now] of own.entries()) {
      const before = own[i - 1] ?? now;
      const [gone, come] = [before.filter((pid) => !now.includes(pid)), now.filter((pid) => !before.includes(pid))];
      // one that is only added or only left out replaces none
      for (const [n, pid] of gone.entries()) {
        const other = come[n];
        if (other !== undefined) pairs.set(`${pid} ${other}`, [pid, other]);
      }
    }
  }
  return [...pairs.values()];
}

/** Kinds of sound that one decoder takes have one name. DVB has AC-3 and others as private data, which only their descriptors tell. */
const SOUNDS: ReadonlyMap<number, string> = new Map([
  [0x03, 'MPEG audio'],
  [0x04, 'MPEG audio'],
  [0x0f, 'AAC'],
  [0x11, 'AAC in LATM'],
  [0x81, 'AC-3'],
  [0x82, 'DTS'],
  [0x83, 'TrueHD'],
  [0x84, 'E-AC-3'],
  [0x85, 'DTS-HD'],
  [0x86, 'DTS-HD'],
  [0x87, 'E-AC-3'],
]);
const PRIVATE_DATA = 0x06;

/**
 * Returns the codecs of the sound of a PID by the maps of its program, in file order, each but the first with its place; fewer than two where it stays as it is. A demuxer keeps
 * the codec of the first map, and what follows is noise or silence to its decoder.
 */
export function soundCodecs(maps: readonly ProgramMap[], pid: number): readonly string[] {
  const having = maps
    .flatMap((map) => ({ map, kind: map.kinds.get(pid) ?? NO_KIND }))
    .filter(({ kind }) => kind !== NO_KIND);
  const isSound = having.some(({ kind }) => SOUNDS.has(kind));
  const named = (kind: number) => SOUNDS.get(kind) ?? (kind === PRIVATE_DATA ? 'private data' : `kind ${kind}`);
  return isSound ? inOrder(having.map(({ map, kind }) => ({ map, name: named(kind) }))) : [];
}

const soundPids = ({ kinds }: ProgramParts): readonly number[] =>
  [...kinds].flatMap(([pid, kind]) => (SOUNDS.has(kind) ? [pid] : []));

/** Returns the PIDs that other programs have, and not that of a picture. */
export function pidsOfOthers(maps: readonly ProgramMap[], pid: number): ReadonlySet<number> {
  const programs = new Set(maps.filter(({ kinds }) => kinds.has(pid)).map(({ program }) => program));
  const own = new Set(maps.filter(({ program }) => programs.has(program)).flatMap(({ kinds }) => [...kinds.keys()]));
  return new Set(
    programs.size === 0 ? [] : maps.flatMap(({ kinds }) => [...kinds.keys()]).filter((each) => !own.has(each)),
  );
}
