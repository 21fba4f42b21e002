import { lengthAt, MAP_TABLE, sectionEnd } from './program-maps.ts';

/** A stream of a program: its PID, and what must be the same of a stream that goes on in its place. */
type ProgramStream = { readonly pid: number; readonly like: string };

/** A program of a transport stream by its map: the program's number, and its streams in the order of the map. */
type DescribedProgram = { readonly program: number; readonly streams: readonly ProgramStream[] };

/** From this byte on, streams have other PIDs than at the beginning of the file: `pids` has the first one for each. */
export type ProgramJoint = { readonly fromByte: number; readonly pids: ReadonlyMap<number, number> };

/** Reads what the streams of a program are from a section of its map; undefined for any other section, and for one that is not whole. */
export function describedProgramIn(section: Buffer): DescribedProgram | undefined {
  const end = sectionEnd(section);
  if (end === undefined || section[0] !== MAP_TABLE) return undefined;
  const streams: ProgramStream[] = [];
  for (let at = 12 + lengthAt(section, 10); at + 5 <= end; at += 5 + lengthAt(section, at + 3)) {
    const said = section.subarray(at + 5, Math.min(end, at + 5 + lengthAt(section, at + 3)));
    streams.push({ pid: section.readUInt16BE(at + 1) & 0x1fff, like: `${section.readUInt8(at)} ${likeness(said)}` });
  }
  const clock = section.readUInt16BE(8) & 0x1fff;
  const hasOwnClock = clock !== NO_PID && streams.every(({ pid }) => pid !== clock);
  return {
    program: section.readUInt16BE(3),
    streams: hasOwnClock ? [...streams, { pid: clock, like: 'clock' }] : streams,
  };
}

const NO_PID = 0x1fff;

/**
 * The descriptors that tell codec, kind and language of a stream, whole: registration, language, teletext and subtitles
 * (ISO/IEC 13818-1 2.6, ETSI EN 300 468 6.1). Of those of sounds in private data, the tag alone is the codec.
 */
const WHOLE: ReadonlySet<number> = new Set([0x05, 0x0a, 0x56, 0x59]);
const TAGS_ALONE: ReadonlySet<number> = new Set([0x6a, 0x7a, 0x7b, 0x7c]);
const UNKNOWN_LANGUAGE = '0a04756e6400';

function likeness(descriptors: Buffer): string {
  const found: string[] = [];
  for (let at = 0; at + 2 <= descriptors.length; at += 2 + descriptors.readUInt8(at + 1)) {
    const tag = descriptors.readUInt8(at);
    const whole = descriptors.toString('hex', at, at + 2 + descriptors.readUInt8(at + 1));
    if (WHOLE.has(tag) && whole !== UNKNOWN_LANGUAGE) found.push(whole);
    if (TAGS_ALONE.has(tag)) found.push(tag.toString(16));
  }
  return found.sort().join(' ');
}

/**
 * Returns the stream of `before` in whose place each stream of `now` goes on, by PIDs. One that keeps its PID goes on itself. Returns undefined
 * unless the others match one to one by codec, kind and language.
 */
export function pairedPids(before: DescribedProgram, now: DescribedProgram): ReadonlyMap<number, number> | undefined {
  const isKept = ({ pid, like }: ProgramStream, { streams }: DescribedProgram) =>
    streams.some((each) => each.pid === pid && each.like === like);
  const gone = before.streams.filter((each) => !isKept(each, now));
  const come = now.streams.filter((each) => !isKept(each, before));
  const kinds = (streams: readonly ProgramStream[]) => streams.map(({ like }) => like).sort();
  const [ofGone, ofCome] = [kinds(gone), kinds(come)];
  const isClear = new Set(ofGone).size === gone.length && ofGone.join('\n') === ofCome.join('\n');
  if (!isClear) return undefined;
  const partner = ({ pid, like }: ProgramStream) => gone.find((each) => each.like === like)?.pid ?? pid;
  return new Map(now.streams.map((each) => [each.pid, come.includes(each) ? partner(each) : each.pid]));
}

/** A packet of a transport stream: where it begins, whether it is one of the tables of programs, and the map that ends in it. */
type ProgramPacket = {
  readonly pid: number;
  readonly at: number;
  readonly isOfPrograms: boolean;
  readonly map?: DescribedProgram | undefined;
};

/** The PIDs below this one are those of tables (ISO/IEC 13818-1 table 2-3, ETSI EN 300 468 5.1.3). */
const FIRST_FREE_PID = 0x20;

/** A file with more joints than this was not joined by anybody. */
const MOST_JOINTS = 10_000;

/**
 * Follows the packets of a transport stream of several recordings and finds where the streams of one go on under other PIDs in the next:
 * at the tables before a new map, or at the first packet of a new PID if that comes earlier.
 */
export function programJoints() {
  const joints: ProgramJoint[] = [];
  const earlier = new Set<number>();
  let current: DescribedProgram | undefined;
  let toFirst: ReadonlyMap<number, number> = new Map();
  let last = new Map<number, number>();
  let strange = new Map<number, number>();
  let tablesFrom: number | undefined;
  let isClear = true;

  const goesOn = () => [...strange.keys()].filter((pid) => earlier.has(pid));
  const join = (before: DescribedProgram, now: DescribedProgram, tables: number) => {
    const paired = pairedPids(before, now);
    const news = now.streams.flatMap(({ pid }) => strange.get(pid) ?? []);
    const fromByte = Math.min(tables, ...news);
    const old = before.streams.filter(({ pid }) => !now.streams.some((each) => each.pid === pid));
    const overlaps = old.some(({ pid }) => (last.get(pid) ?? -1) >= fromByte);
    const clashes = fromByte < tables && before.streams.some(({ pid }) => (paired?.get(pid) ?? pid) !== pid);
    const others = goesOn().filter((pid) => !now.streams.some((each) => each.pid === pid));
    if (!paired || overlaps || clashes || others.length > 0 || last.size === 0) return false;
    const pids = new Map([...paired].map(([pid, partner]) => [pid, toFirst.get(partner) ?? partner]));
    joints.push({ fromByte, pids });
    for (const { pid } of before.streams) earlier.add(pid);
    toFirst = pids;
    return joints.length <= MOST_JOINTS;
  };
  const begin = (map: DescribedProgram, tables: number) => {
    if (current) isClear = join(current, map, tables);
    else toFirst = new Map(map.streams.map(({ pid }) => [pid, pid]));
    current = map;
    last = new Map();
    strange = new Map();
  };
  return {
    /** Takes the next packet. Returns false as soon as it is known that no joints can be told. */
    add({ pid, at, isOfPrograms, map }: ProgramPacket): boolean {
      const isTable = isOfPrograms || pid < FIRST_FREE_PID || pid === NO_PID;
      tablesFrom = isTable ? (tablesFrom ?? at) : undefined;
      if (map && !(current && isSameProgram(current, map))) begin(map, tablesFrom ?? at);
      else if (current?.streams.some((each) => each.pid === pid)) last.set(pid, at);
      else if (!isTable && !strange.has(pid)) strange.set(pid, at);
      return isClear;
    },
    /** Returns the joints when all packets are in; undefined where they cannot be told, or where all PIDs stay. */
    found(): readonly ProgramJoint[] | undefined {
      const changes = joints.some(({ pids }) => [...pids].some(([pid, first]) => pid !== first));
      return isClear && changes && goesOn().length === 0 ? joints : undefined;
    },
  };
}

const isSameProgram = (one: DescribedProgram, other: DescribedProgram): boolean =>
  one.program === other.program &&
  one.streams.length === other.streams.length &&
  one.streams.every(({ pid, like }, i) => other.streams[i]?.pid === pid && other.streams[i]?.like === like);

/** Says that streams of a file went on under other PIDs, and which. */
export function jointsTold(joints: readonly ProgramJoint[]): string {
  const pairs = joints.flatMap(({ pids }) => [...pids].filter(([pid, first]) => pid !== first));
  const named = [...new Set(pairs.map(([pid, first]) => `PID ${pid} as PID ${first}`))].slice(0, MOST_NAMED);
  return `the source's streams go on under other PIDs midway (${named.join(', ')}): another recording is taken to begin there, and its streams go on as those before that they match`;
}

const MOST_NAMED = 8;
