import type { SourceFile } from '../line/remote-file.ts';
import { Trouble } from '../line/trouble.ts';
import type { Movie } from '../mp4/movie.ts';
import { endOfIndexes, seekPoint, type TrackIndex } from '../mp4/segment-index.ts';
import { type Piece, splitter, WHOLE } from '../mp4/splitter.ts';
import type { Buffers, Header, Wanted, Writer } from './buffers.ts';

/** Where a file should be, and the playlist that names it if it is not there. */
export type Place = { readonly url: string; readonly playlist?: string | undefined };

/** One file on its way into the buffers. */
export type Feed = {
  /** Reads what comes before the fragments. */
  head(signal: AbortSignal): Promise<void>;
  /** Makes its buffers, before those of another file have taken anything. */
  prepare(): void;
  /** Reads so many bytes on, and gives them to the buffers as they arrive. */
  next(bytes: number, signal: AbortSignal): Promise<void>;
  /** Where decoding would begin to show a time; undefined where that is not known. */
  openAt(seconds: number): number | undefined;
  /** Goes on at a time. */
  seek(seconds: number): Promise<void>;
  /** Leaves what has come of a fragment: another file goes on. */
  leave(): Promise<void>;
  /** Up to where it has read since it was last moved, in seconds, and how long the last fragment is. */
  reached(): { readonly to: number; readonly lasts: number };
  /** When the last frame or sample begins that has come, of those before `until`. */
  lastFrame(): number;
  /** How long a frame is shown, by the fragment that was read last; 0 before the first. */
  frameSeconds(): number;
  isAtEnd(): boolean;
  seconds(): number;
};

export type FeedOptions = {
  readonly place: Place;
  readonly want: Wanted;
  readonly buffers: Buffers;
  readonly until: number;
  readonly open: (url: string) => SourceFile;
  readonly onMovie: (movie: Movie) => void;
  /** Its header and index are known, and its buffers are there. */
  readonly onBegin: () => void;
};

const HEAD_BYTES = 16_384;

/** Returns what reads one film from its place and appends its fragments to the buffers, in order. */
export function newFeed({ place, want, buffers, until, open, onMovie, onBegin }: FeedOptions): Feed {
  let file = open(place.url);
  const split = splitter();
  const indexes: TrackIndex[] = [];
  /** Where the fragments that came begin: all that is known where the file has no index. */
  const seen: { readonly offset: number; readonly from: number }[] = [];
  let header: Header | undefined;
  let write: Writer | undefined;
  let at = 0;
  let [to, lasts, lastFrame, frameSeconds, isAtEnd] = [0, 0, 0, 0, false];
  /** The time for which it was moved: it begins to read before that. */
  let aim = 0;

  /** The track by which the file is read: its picture, unless only its sound is wanted. */
  const main = () => {
    return wanted().find(({ kind }) => kind === 'picture') ?? wanted()[0];
  };
  const wanted = () => header?.movie.tracks.filter(({ kind }) => want[kind]) ?? [];
  const point = (seconds: number) =>
    seekPoint(
      indexes.filter(({ track }) => wanted().some(({ id }) => id === track)),
      seconds,
      main()?.id,
    );

  async function read(bytes: number, signal: AbortSignal, use: (piece: Piece) => Promise<void>): Promise<void> {
    const end = at + bytes;
    const take = async (part: Uint8Array) => {
      at += part.length;
      for (const piece of split.push(part)) await use(piece);
      await write?.flush();
    };
    try {
      await file.read({ from: at, to: end }, signal, take);
    } catch (error) {
      if (at > 0 || !(error instanceof Trouble && error.kind === 'gone') || place.playlist === undefined) throw error;
      const { namedIn } = await import('../later.ts');
      file = open(await namedIn(place.playlist, signal));
      await file.read({ from: at, to: end }, signal, take);
    }
    isAtEnd = at < end || at >= (file.size() ?? Number.POSITIVE_INFINITY);
  }

  function know(piece: Piece): void {
    if (piece.type === 'plain') throw new Trouble('plain', piece.reason);
    if (piece.type === 'index') indexes.push(piece.index);
    if (piece.type !== 'movie') return;
    if (!piece.movie.isFragmented) throw new Trouble('plain', WHOLE);
    header = piece;
    if (want.picture) onMovie(piece.movie);
  }

  async function feed(piece: Piece): Promise<void> {
    know(piece);
    if (piece.type !== 'fragment' && piece.type !== 'samples') return;
    if (piece.type === 'fragment') {
      await buffers.opened;
      if (header && !write) {
        write = buffers.begin(header, want, piece.runs.length > 1);
        onBegin();
      }
      const run = piece.runs.find(({ track }) => track === main()?.id);
      if (run) {
        if (indexes.length === 0) seen.push({ offset: piece.at, from: run.from });
        [to, lasts, frameSeconds] = [run.to, run.to - run.from, run.to - run.lastShown];
        if (run.from < until) lastFrame = Math.max(lastFrame, run.lastShown);
      }
    }
    write?.add(piece);
  }

  return {
    async head(signal) {
      let isOver = false;
      while (!isOver && !isAtEnd)
        await read(HEAD_BYTES, signal, async (piece) => {
          know(piece);
          isOver ||= piece.type === 'fragment';
        });
    },
    prepare() {
      if (header) write = buffers.begin(header, want, false);
    },
    next: (bytes, signal) => read(bytes, signal, feed),
    openAt: (seconds) => point(seconds)?.from,
    async seek(seconds) {
      const begin = point(seconds) ?? seen.findLast(({ from }) => from <= seconds) ?? seen[0];
      if (!begin) return;
      at = begin.offset;
      [to, lasts, isAtEnd, aim] = [begin.from, 0, false, seconds];
      split.jump(at);
      await write?.jump();
    },
    leave: async () => write?.jump(),
    reached: () => ({ to: Math.max(to, aim), lasts }),
    lastFrame: () => lastFrame,
    frameSeconds: () => frameSeconds,
    isAtEnd: () => isAtEnd || to - lasts >= until,
    seconds: () => endOfIndexes(indexes) || header?.movie.seconds || 0,
  };
}
