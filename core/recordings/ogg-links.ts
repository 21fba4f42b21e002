import { clock } from '../format.ts';
import { countedForwards, type NewPages } from './counted-forwards.ts';
import type { OggCodec } from './ogg-codecs.ts';
import {
  type ChainLink,
  dataIn,
  type LinkStream,
  linkFollower,
  NO_GRANULE,
  type OggPage,
  pagePackets,
} from './ogg-pages.ts';

/** How chained recordings become one: what people are told, and what each page becomes; undefined where it stays. Pages are asked for in the order of the file. */
export type OggJoining = { readonly told?: string; readonly pageOf: (page: OggPage) => NewPages | undefined };

const MOST_LINKS = 10_000;
/** What claims to be longer is damaged. */
const LONGEST_SECONDS = 1_000_000;
/** The clock of a recording begins with it, or it is the middle of a longer one, of which nothing tells where it began. */
const BEGIN_SECONDS = 10;

/**
 * Follows the pages of an Ogg file whose recordings are chained (RFC 3533 section 4), and finds how they become one whose streams have the
 * serial numbers of the first: each recording as a whole is moved to where the longest stream of the one before ends, in whole frames.
 */
export function oggLinks() {
  const { links, add } = linkFollower();
  let isClear = true;
  return {
    /** Takes the next page. Returns false as soon as it is known that the recordings cannot be joined. */
    add(page: OggPage): boolean {
      isClear &&= add(page) !== undefined && links.length <= MOST_LINKS;
      return isClear;
    },
    /** Returns the joining when all pages are in; undefined where there is but one recording, or where their streams do not match one to one. */
    found(): OggJoining | undefined {
      const moves = isClear && links.length > 1 ? movesOf(links) : undefined;
      return moves && { told: told(links, moves), pageOf: pageMover(links, moves) };
    },
  };
}

/** How a recording is moved, and each of its streams; an index is left out. */
type LinkMove = { readonly seconds: number; readonly streams: readonly (StreamMove | undefined)[] };
/** Which stream of the first recording it goes on in, and by how many of its units it is moved. */
type StreamMove = { readonly first: number; readonly units: number };

function movesOf([first, ...later]: readonly ChainLink[]): readonly LinkMove[] | undefined {
  const picture = first?.streams.find(({ codec }) => codec?.kind === 'picture')?.codec;
  if (!first || !picture || !first.streams.every(isMovable)) return undefined;
  const moves: LinkMove[] = [{ seconds: 0, streams: first.streams.map((_, i) => ({ first: i, units: 0 })) }];
  const ends = new Map(first.streams.flatMap((stream, i) => endOf(stream, i, 0)));
  const lasts = new Map(first.streams.map((stream, i) => [i, stream]));
  for (const link of later) {
    const firsts = likeFirst(first, link);
    if (!firsts || !link.streams.every((stream) => isMovable(stream) && beginsWithItsClock(stream))) return undefined;
    const leads = link.streams.flatMap((stream, i) => {
      const begins = secondsOf(stream, beginBehind(lasts.get(firsts[i] ?? -1), stream));
      return stream.hasTime ? [(ends.get(firsts[i] ?? -1) ?? 0) - begins] : [];
    });
    const longest = Math.max(...ends.values(), ...leads);
    if (!(longest >= 0 && longest < LONGEST_SECONDS)) return undefined;
    const seconds = Math.ceil(longest * picture.unitsASecond - ROUNDING) / picture.unitsASecond;
    const streams = link.streams.map(({ codec }, i) => {
      const to = firsts[i];
      return codec && to !== undefined ? { first: to, units: Math.round(seconds * codec.unitsASecond) } : undefined;
    });
    moves.push({ seconds, streams });
    for (const [i, stream] of link.streams.entries())
      for (const [to, end] of endOf(stream, firsts[i], seconds)) {
        ends.set(to, end);
        lasts.set(to, stream);
      }
  }
  return moves;
}

const ROUNDING = 1e-6;

/** When a stream begins, in units, where its first packet is decoded behind the last one of the recording before, which may make it longer. */
function beginBehind(last: LinkStream | undefined, { codec, begins, firstPacket }: LinkStream): number {
  if (!codec || !firstPacket) return begins;
  return begins + codec.unitsOf(firstPacket, undefined) - codec.unitsOf(firstPacket, last?.lastPacket);
}

const secondsOf = ({ codec }: LinkStream, units: number): number => units / (codec?.unitsASecond ?? 1);

const endOf = (stream: LinkStream, to: number | undefined, moved: number): readonly (readonly [number, number])[] =>
  to !== undefined && stream.hasTime ? [[to, moved + secondsOf(stream, stream.reached)]] : [];

/** Whether all that it holds is known, whole, and on more than one page: the last one's time is that of the next recording. */
const isMovable = ({ codec, pages, open, hasTime, begins, reached }: LinkStream): boolean =>
  codec !== undefined &&
  open === undefined &&
  (pages === 0 || (pages > 1 && hasTime && Number.isFinite(begins + reached)));

const beginsWithItsClock = (stream: LinkStream): boolean => !(secondsOf(stream, stream.begins) > BEGIN_SECONDS);

/**
 * For each stream of a recording, which one of the first it goes on in: the next that has the same headers; none for an index. Returns undefined
 * unless they match one to one.
 */
function likeFirst(first: ChainLink, link: ChainLink): readonly (number | undefined)[] | undefined {
  const free = new Set(first.streams.flatMap(({ codec }, i) => (codec?.kind === 'index' ? [] : [i])));
  const firsts: (number | undefined)[] = [];
  for (const stream of link.streams) {
    const isIndex = stream.codec?.kind === 'index';
    const like = isIndex ? undefined : [...free].find((i) => isLike(first.streams[i], stream));
    if (!isIndex && like === undefined) return undefined;
    if (like !== undefined) free.delete(like);
    firsts.push(like);
  }
  return free.size === 0 ? firsts : undefined;
}

/** The second packet of a header has comments; the others say how everything behind them is decoded. */
const isLike = (one: LinkStream | undefined, other: LinkStream): boolean =>
  one?.header.length === other.header.length &&
  one.header.every((packet, i) => i === COMMENTS || packet.equals(other.header[i] ?? Buffer.alloc(0)));

const COMMENTS = 1;

function pageMover(links: readonly ChainLink[], moves: readonly LinkMove[]): OggJoining['pageOf'] {
  const { add } = linkFollower();
  return (page) => {
    const place = add(page);
    const stream = place && links[place.link]?.streams[place.number];
    const move = place && moves[place.link]?.streams[place.number];
    if (!place || !stream?.codec) return undefined;
    const { isHeader } = place;
    if (isHeader && place.link === 0) return undefined;
    const serial = move && links[0]?.streams[move.first]?.serial;
    if (isHeader || !move || serial === undefined) return { serial: page.serial, parts: [] };
    const isEnd = page.at === stream.lastPageAt;
    const next = isEnd ? nextBegin(links, moves, { link: place.link, first: move.first, stream }) : undefined;
    const granule = laterGranule(page, stream, move);
    const parts =
      next === undefined
        ? [{ to: page.lacing.length, granule, isLast: isEnd }]
        : partsBefore(page, stream.codec, { before: place.before, move, next });
    return { serial, parts: countedForwards(parts, page, { ...place, codec: stream.codec, begins: stream.begins }) };
  };
}

const laterGranule = ({ granule }: OggPage, { codec }: LinkStream, { units }: StreamMove): bigint =>
  granule === NO_GRANULE || !codec ? NO_GRANULE : codec.later(granule, units);

/** When a stream goes on in the next recording that has it, in units; undefined where none has. */
function nextBegin(
  links: readonly ChainLink[],
  moves: readonly LinkMove[],
  { link, first, stream: last }: { readonly link: number; readonly first: number; readonly stream: LinkStream },
): number | undefined {
  for (let next = link + 1; next < links.length; next++) {
    const at = moves[next]?.streams.findIndex((move) => move?.first === first) ?? -1;
    const [stream, move] = [links[next]?.streams[at], moves[next]?.streams[at]];
    if (stream?.hasTime && move) return beginBehind(last, stream) + move.units;
  }
  return undefined;
}

type Joint = { readonly before: LinkStream; readonly move: StreamMove; readonly next: number };

/**
 * The last page of a stream before a joint. A demuxer takes what a page counts for the time at which the next one begins: so its last packet gets a page of its
 * own, which counts to where the stream goes on.
 */
function partsBefore(page: OggPage, codec: OggCodec, { before, move, next }: Joint): NewPages['parts'] {
  const reached = dataIn(page, before)
    .lengths.slice(0, -1)
    .reduce((sum, each) => sum + each, before.reached + move.units);
  const distance = codec.distanceIn(page.granule);
  const last = { to: page.lacing.length, granule: codec.granuleAt(next, distance), isLast: false };
  const cut = pagePackets(page).at(-1)?.fromLacing ?? 0;
  if (cut === 0) return [last];
  return [{ to: cut, granule: codec.granuleAt(reached, distance > 0 ? distance - 1 : 1), isLast: false }, last];
}

function told([first, ...later]: readonly ChainLink[], moves: readonly LinkMove[]): string {
  const begins = moves.slice(1).map(({ seconds }) => clock(seconds, 0.01));
  const more = begins.length > MOST_NAMED ? `, and ${begins.length - MOST_NAMED} more` : '';
  const said = (link: ChainLink | undefined) =>
    link?.streams.map(({ header }) => header[COMMENTS]?.toString('hex')).join();
  const comments = later.some((link) => said(link) !== said(first))
    ? '; comments of the later ones that differ from those of the first are left out'
    : '';
  return `the source holds ${moves.length} recordings that are chained: each begins where the longest stream of the one before ends (at ${begins.slice(0, MOST_NAMED).join(', ')}${more})${comments}`;
}

const MOST_NAMED = 8;
