import type { Rung } from '../film/film.ts';
import type { Trouble, TroubleKind } from '../line/trouble.ts';

/** How a film gets into the video element: by buffers, by buffers from a server that fragments it, or by the element itself. */
export type Way = 'stream' | 'fragmented' | 'native';

/** Troubles that another way to the same file does not mend. */
const FINAL: ReadonlySet<string> = new Set(['network', 'refused', 'key', 'changed', 'playlist']);
/** An address of S3, which answers no other query than the one that was signed. */
const SIGNED = /[?&]X-Amz-Signature=/;

type Place = { readonly url: string; readonly isCopy: boolean };

/** Whether a trouble ends the film. A signature may be for the address without `frag` alone. */
export const isFinal = (way: Way, { kind }: Trouble): boolean =>
  FINAL.has(kind) && !(way === 'fragmented' && kind === 'refused');

/** What is tried after a way that failed, for the same rendition; undefined: another rendition. */
export function nextWay(way: Way, { kind }: Trouble, { url, isCopy }: Place): Way | undefined {
  if (isCopy || way === 'native' || kind === 'gone') return undefined;
  return way === 'stream' && kind === 'plain' && !SIGNED.test(url) ? 'fragmented' : 'native';
}

/** Returns the address by which a server is asked for a film in fragments. */
export function withFrag(url: string): string {
  const whole = new URL(url);
  whole.searchParams.set('frag', '1');
  return whole.href;
}

const HOW: Readonly<Record<Way, string>> = {
  stream: 'The film goes on in another size.',
  fragmented: 'The server is asked for it in parts.',
  native: 'The browser plays the file as it is.',
};

/** Tells that a way failed, and by which other one the film goes on. */
export type FallbackEvent = {
  readonly type: 'fallback';
  readonly way: Way;
  readonly rendition: string;
  readonly kind: TroubleKind;
  readonly reason: string;
};

/** Returns the event that tells why the film goes on in another way. */
export const fallbackEvent = (way: Way, { name: rendition }: Rung, { kind, message }: Trouble): FallbackEvent => ({
  ...{ type: 'fallback', way, rendition, kind },
  reason: `${message} ${HOW[way]}`,
});
