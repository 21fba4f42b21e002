import { usage } from '../errors.ts';
import { keyFault } from '../object-key.ts';

/** What an address asks for: `/media/<key>?frag=1&tracks=1,2&version=...&download=1`. */
export type MediaRequest = {
  readonly key: string;
  /** Whether an MP4 is wanted in fragments. */
  readonly frag: boolean;
  /** The tracks that the fragments are to hold, by number; empty for the first picture and the first sound. */
  readonly tracks: readonly number[];
  /** The version of the object, as the store names it; undefined for the newest. */
  readonly version: string | undefined;
  /** Whether a browser is to keep it as a file. */
  readonly download: boolean;
};

const LONGEST_ADDRESS = 4_000;
const MOST_TRACKS = 16;
const LONGEST_VERSION = 1_024;

/**
 * Reads an address. Other parameters, such as signatures and tokens, change nothing. A version of at most nine digits is a
 * page's own count, which keeps caches apart and names no version of the store. Throws `usage` with what would be right.
 */
export function mediaRequest(path: string, query: string): MediaRequest {
  if (path.length + query.length > LONGEST_ADDRESS)
    throw usage(`the address is longer than ${LONGEST_ADDRESS} characters; a key has at most 1024 bytes`);
  const key = keyOf(path);
  const given = new URLSearchParams(query);
  const version = given.get('version') ?? undefined;
  if (version !== undefined && version.length > LONGEST_VERSION)
    throw usage(`version has ${version.length} characters; a version has at most ${LONGEST_VERSION}`);
  return {
    key,
    frag: flag(given, 'frag'),
    tracks: tracksOf(given.get('tracks') ?? ''),
    version: version === undefined || /^\d{0,9}$/.test(version) ? undefined : version,
    download: flag(given, 'download') || given.get('disposition') === 'attachment',
  };
}

function keyOf(path: string): string {
  let key: string;
  try {
    key = decodeURIComponent(path);
  } catch {
    throw usage(`the path ${JSON.stringify(path.slice(0, 80))} is not valid percent-encoding of UTF-8`);
  }
  const fault = keyFault(key);
  if (fault)
    throw usage(`the path ${JSON.stringify(key.slice(0, 80))} ${fault}; a path is like output/ladder/clip.mov/hd.mp4`);
  return key;
}

function flag(given: URLSearchParams, name: string): boolean {
  const value = given.get(name) ?? '0';
  if (value !== '0' && value !== '1')
    throw usage(`${name}=${JSON.stringify(value.slice(0, 20))} is not possible; it is 1 or 0`);
  return value === '1';
}

function tracksOf(list: string): readonly number[] {
  if (list === '') return [];
  const tracks = list.split(',');
  if (tracks.length > MOST_TRACKS || !tracks.every((track) => /^[1-9]\d{0,8}$/.test(track)))
    throw usage(
      `tracks=${JSON.stringify(list.slice(0, 80))}; it takes up to ${MOST_TRACKS} track numbers, as tracks=1,2`,
    );
  return [...new Set(tracks.map(Number))].sort((a, b) => a - b);
}
