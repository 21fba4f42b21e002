import type { OggCodec } from './ogg-codecs.ts';
import { dataIn, type LinkStream, linkFollower, NO_GRANULE, type OggPage, pagePackets } from './ogg-pages.ts';

/** What a page becomes: pages of a stream, each with a part of its lacing; none where it is left out. */
export type NewPages = {
  readonly serial: number;
  readonly parts: readonly { readonly to: number; readonly granule: bigint; readonly isLast: boolean }[];
};

/** The stream of a page as it was before it, in which recording, and when that stream begins. */
type PagePlace = {
  readonly link: number;
  readonly before: LinkStream;
  readonly codec: OggCodec | undefined;
  readonly begins: number;
};

/**
 * Returns the parts of a page, where ffmpeg tells the times of its packets from when it begins on. By itself it counts them back from the end of the page, and of
 * each packet forgets the block before it: a short one behind a long one is late by a quarter of their difference. Only a page that is marked
 * as the last of its stream it counts from where the one before ended, and so each is marked, but for the very first packet. That one has a page
 * of its own, which says when sound begins. A page that does not follow the one before it stays.
 */
export function countedForwards(parts: NewPages['parts'], page: OggPage, place: PagePlace): NewPages['parts'] {
  if (!follows(page, place)) return parts;
  const marked = parts.map((part) => ({ ...part, isLast: true }));
  if (place.link > 0 || place.before.hasTime) return marked;
  const [first, second] = pagePackets(page);
  if (!second || !first?.isWhole) return parts;
  const begin = place.codec?.granuleAt(place.begins, 0) ?? NO_GRANULE;
  const later = marked.filter(({ to }) => to > first.toLacing);
  return [{ to: first.toLacing, granule: begin, isLast: false }, ...later];
}

/** Follows the pages of an Ogg of one recording, and says whether ffmpeg tells other times of one than its blocks have. */
export function otherTimes() {
  const { links, add } = linkFollower();
  return (page: OggPage): boolean => {
    const place = placeOf(links, page, add(page));
    if (!place || !follows(page, place)) return false;
    const { before, codec } = place;
    if (page.isLast) return !before.hasTime;
    const { begins, lengths } = dataIn(page, { ...before, codec });
    return begins.some((begin, i) => (lengths[i] ?? 0) > (codec?.unitsOf(begin, begin) ?? 0));
  };
}

/**
 * Returns what each page of an Ogg of one recording becomes, in the order of the file; undefined where it stays. Where the final page of a stream, by its
 * place, is not marked as its last one, the recording was cut, which the copy says as well.
 */
export function forwardPages(finals: ReadonlySet<number>): (page: OggPage) => NewPages | undefined {
  const { links, add } = linkFollower();
  return (page) => {
    const place = placeOf(links, page, add(page));
    if (!place || (finals.has(page.at) && !page.isLast)) return undefined;
    const whole = [{ to: page.lacing.length, granule: page.granule, isLast: page.isLast }];
    return { serial: page.serial, parts: countedForwards(whole, page, place) };
  };
}

type Links = ReturnType<typeof linkFollower>['links'];
type FollowedPage = ReturnType<ReturnType<typeof linkFollower>['add']>;

function placeOf(links: Links, page: OggPage, found: FollowedPage): PagePlace | undefined {
  const stream = found && links[found.link]?.streams[found.number];
  if (!found || !stream?.codec?.isCountedBack || found.isHeader || page.granule === NO_GRANULE) return undefined;
  return { link: found.link, before: found.before, codec: stream.codec, begins: stream.begins };
}

/** Whether a page ends when its packets do, if they begin where the page before ended; sound may be cut off at its end. */
function follows(page: OggPage, { before, codec, begins }: PagePlace): boolean {
  if (!codec?.isCountedBack || page.granule === NO_GRANULE) return false;
  const forward = dataIn(page, { ...before, codec }).lengths.reduce((sum, each) => sum + each, 0);
  if (!before.hasTime) return begins >= 0 && before.firstPacket === undefined;
  return codec.endOf(page.granule) === before.reached + forward || (page.isLast && forward > 0);
}
