import { boxAt, joined } from './boxes.ts';
import { readFragment, type TrackRun } from './fragment.ts';
import { type Movie, readMovie } from './movie.ts';
import { readIndex, type TrackIndex } from './segment-index.ts';

/** A part of a file that streams in. Media follow each other as they arrive: a fragment's header, then bytes of its samples. */
export type Piece =
  | { readonly type: 'movie'; readonly movie: Movie; readonly ftyp: Uint8Array; readonly moov: Uint8Array }
  | { readonly type: 'index'; readonly index: TrackIndex }
  | { readonly type: 'fragment'; readonly at: number; readonly runs: readonly TrackRun[]; readonly bytes: Uint8Array }
  | { readonly type: 'samples'; readonly bytes: Uint8Array }
  /** The bytes are no fragmented MP4: samples that no fragment describes, or no boxes at all. */
  | { readonly type: 'plain'; readonly reason: string };

export type Splitter = {
  push(bytes: Uint8Array): readonly Piece[];
  /** Goes on at another byte, at which a box begins. */
  jump(at: number): void;
};

/** A film whose file has to be there whole, for all that a viewer needs to know. */
export const WHOLE = 'The file of this film is not made for streaming.';

/** No header or index of a film of hours is larger than this; more is damage, or an attempt to fill the memory. */
const MOST_HEADER_BYTES = 64 * 2 ** 20;

const HEADERS: ReadonlySet<string> = new Set(['ftyp', 'moov', 'sidx', 'moof']);
const IGNORED: ReadonlySet<string> = new Set([
  'free',
  'skip',
  'styp',
  'emsg',
  'prft',
  'mfra',
  'uuid',
  'wide',
  'meta',
  'pdin',
  'ssix',
]);

/** Divides a fragmented MP4 that arrives in pieces of any size. */
export function splitter(): Splitter {
  let waiting: Uint8Array = new Uint8Array();
  /** The byte of the file at which `waiting` begins. */
  let at = 0;
  /** What is still to come of the box in which the bytes are, and what becomes of it. */
  let left = 0;
  let use: 'samples' | 'nothing' = 'nothing';
  let ftyp: Uint8Array = new Uint8Array();
  let movie: Movie | undefined;
  let isInFragment = false;
  let isPlain = false;

  function header(type: string, bytes: Uint8Array, start: number): readonly Piece[] {
    if (type === 'ftyp') ftyp = bytes;
    if (type === 'moov') {
      movie = readMovie(bytes);
      return [{ type: 'movie', movie, ftyp, moov: bytes }];
    }
    if (type === 'sidx') {
      const index = readIndex(bytes, start);
      return index ? [{ type: 'index', index }] : [];
    }
    if (type !== 'moof') return [];
    isInFragment = true;
    return [{ type: 'fragment', at: start, bytes, runs: readFragment(bytes, movie?.tracks ?? []) }];
  }

  function plain(reason: string): readonly Piece[] {
    isPlain = true;
    return [{ type: 'plain', reason }];
  }

  function next(): readonly Piece[] | undefined {
    if (left > 0) {
      const bytes = waiting.subarray(0, left);
      if (bytes.length === 0) return undefined;
      waiting = waiting.subarray(bytes.length);
      at += bytes.length;
      left -= bytes.length;
      return use === 'samples' ? [{ type: 'samples', bytes }] : [];
    }
    const box = boxAt(waiting, 0);
    if (!box) return undefined;
    if (!/^[\w -]{4}$/.test(box.type) || box.end < box.body) return plain('The file of this film is no MP4.');
    if (box.type === 'mdat' && !isInFragment) return plain(WHOLE);
    if (HEADERS.has(box.type)) {
      if (box.end > MOST_HEADER_BYTES) return plain(WHOLE);
      if (box.end > waiting.length) return undefined;
      const whole = waiting.slice(0, box.end);
      const start = at;
      waiting = waiting.subarray(box.end);
      at += box.end;
      return header(box.type, whole, start);
    }
    if (box.type !== 'mdat' && !IGNORED.has(box.type)) return plain(WHOLE);
    use = box.type === 'mdat' ? 'samples' : 'nothing';
    left = box.end;
    return [];
  }

  return {
    push(bytes) {
      if (isPlain) return [];
      waiting = waiting.length > 0 ? joined([waiting, bytes]) : bytes;
      const pieces: Piece[] = [];
      for (let more = next(); more; more = isPlain ? undefined : next()) pieces.push(...more);
      return pieces;
    },
    jump(to) {
      [waiting, at, left, isInFragment] = [new Uint8Array(), to, 0, false];
    },
  };
}
