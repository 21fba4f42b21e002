import type { Line } from './line.ts';
import { isAbort, Trouble } from './trouble.ts';

/** A file that is read in parts. */
export type SourceFile = {
  /**
   * Reads bytes [from, to) and gives them on as they arrive, each time waiting until they are taken. Returns how far it came:
   * less than `to` only at the file's end. Throws Trouble where the bytes cannot be had, after having tried again.
   */
  read(range: ByteRange, signal: AbortSignal, take: (bytes: Uint8Array) => Promise<void>): Promise<number>;
  /** Bytes; undefined before the first answer. */
  size(): number | undefined;
};

export type ByteRange = { readonly from: number; readonly to: number };

export type RemoteOptions = {
  readonly line: Line;
  readonly rank: () => number;
  /** Something went wrong and is tried again, or is done differently. */
  readonly onTrouble: (trouble: Trouble) => void;
};

const TRIES = 6;
const FIRST_PAUSE_MS = 300;
const SILENT_MS = 10_000;

/** A file on a web server, by ranges. What breaks off is asked for again from the byte at which it broke off. */
export function remoteFile(url: string, { line, rank, onTrouble }: RemoteOptions): SourceFile {
  let tag: string | undefined;
  let size: number | undefined;
  let isWithoutRanges = false;

  /** Throws if the answer is not of the file that was read before. */
  function check(response: Response, from: number): void {
    const { status, headers } = response;
    const [, begin, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers.get('content-range') ?? '') ?? [];
    const etag = headers.get('etag') ?? undefined;
    const isStrong = etag !== undefined && !etag.startsWith('W/');
    const whole = status === 206 ? total && Number(total) : Number(headers.get('content-length') ?? Number.NaN);
    const isOther = (tag !== undefined && isStrong && etag !== tag) || (size !== undefined && whole && whole !== size);
    if (isOther) throw new Trouble('changed', 'The film was changed on the server while it was played.');
    if (status === 206 && begin !== undefined && Number(begin) !== from)
      throw new Trouble('ranges', `The server sent other bytes (from ${begin}) than it was asked for (from ${from}).`);
    if (whole) size = whole;
    if (isStrong) tag = etag;
  }

  async function ask({ from, to }: ByteRange, signal: AbortSignal): Promise<Response | undefined> {
    const ranged = { range: `bytes=${from}-${to - 1}`, ...(tag !== undefined && isOwn(url) && { 'if-range': tag }) };
    const response = await fetch(url, { headers: ranged, signal });
    if (response.status === 416) {
      const [, total] = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '') ?? [];
      size ??= total === undefined ? from : Number(total);
      return undefined;
    }
    if (!response.ok) throw refusal(response.status, url);
    check(response, from);
    if (response.status === 200 && !isWithoutRanges && !(from === 0 && size !== undefined && size <= to)) {
      isWithoutRanges = true;
      onTrouble(new Trouble('ranges', 'The server cannot send parts of a film; it is loaded from its beginning.'));
    }
    return response;
  }

  /** One request; returns how far it came. */
  async function once(
    range: ByteRange,
    signal: AbortSignal,
    take: (bytes: Uint8Array) => Promise<void>,
  ): Promise<number> {
    const own = new AbortController();
    const both = AbortSignal.any([signal, own.signal]);
    let silence = setTimeout(() => own.abort(), SILENT_MS);
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => own.abort(), SILENT_MS);
    };
    let at = range.from;
    let isTaken = true;
    try {
      const response = await ask(range, both);
      const reader = response?.body?.getReader();
      if (!response || !reader) return at;
      let unwanted = response.status === 200 ? range.from : 0;
      let [counted, busyMs] = [0, 0];
      for (;;) {
        const began = performance.now();
        const { value } = await reader.read();
        if (!value) break;
        heard();
        busyMs += performance.now() - began;
        counted += value.length;
        const bytes = value.subarray(Math.min(unwanted, value.length));
        unwanted -= value.length - bytes.length;
        if (bytes.length > 0) {
          clearTimeout(silence); // what takes the bytes may take its time
          await take(bytes).catch((cause: unknown) => {
            isTaken = false;
            throw cause;
          });
          heard();
        }
        at += bytes.length;
        signal.throwIfAborted();
      }
      line.measure(counted, busyMs);
      // a whole file whose length nobody announced ends where its answer ends; one that breaks off is an error
      if (response.status === 200) size ??= counted;
      return at;
    } catch (error) {
      if (signal.aborted || error instanceof Trouble || !isTaken) throw error;
      throw new Broken(at, isAbort(error) ? `nothing came for ${SILENT_MS / 1000} s` : 'the connection broke');
    } finally {
      clearTimeout(silence);
      own.abort();
    }
  }

  return {
    size: () => size,
    async read({ from, to }, signal, take) {
      const release = await line.turn(rank, signal);
      try {
        let [at, tries] = [from, 0];
        for (;;) {
          const before = at;
          const end = isWithoutRanges ? Number.POSITIVE_INFINITY : Math.min(to, size ?? to);
          let why = 'it ended too early';
          try {
            at = await once({ from: at, to: isWithoutRanges ? to : end }, signal, take);
          } catch (error) {
            if (!(error instanceof Broken) && !(error instanceof Trouble && error.kind === 'network')) throw error;
            if (error instanceof Broken) at = error.at;
            why = error.message;
          }
          if (at >= Math.min(to, size ?? to) || (at === before && size !== undefined && at >= size)) return at;
          tries = at > before ? 1 : tries + 1;
          if (tries >= TRIES) throw new Trouble('network', `The film does not arrive: ${why}.`);
          onTrouble(new Trouble('network', `The film does not arrive (${why}); it is asked for again.`));
          await pause(FIRST_PAUSE_MS * 2 ** (tries - 1), signal);
        }
      } finally {
        release();
      }
    },
  };
}

/** A connection that broke, and the byte to go on from. */
class Broken extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

function refusal(status: number, url: string): Trouble {
  const name = new URL(url).pathname.split('/').at(-1);
  if (status === 404 || status === 410) return new Trouble('gone', `The server has no film "${name}" (${status}).`);
  if (status === 401 || status === 403)
    return new Trouble(
      'refused',
      `The server does not give "${name}" (${status}): the permission to see it may have ended.`,
    );
  if (status === 429 || status >= 500) return new Trouble('network', `the server answered ${status}`);
  return new Trouble('refused', `The server does not give "${name}" (${status}).`);
}

/** A header that is not on the browser's list needs a permission of servers elsewhere, which few of them give. */
const isOwn = (url: string) => new URL(url).origin === location.origin;

/** Waits, and where the browser is offline until it is online again. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      signal.removeEventListener('abort', abort);
      resolve();
    };
    const abort = () => {
      done();
      reject(signal.reason);
    };
    const timer = setTimeout(() => navigator.onLine && done(), milliseconds);
    addEventListener('online', done);
    signal.addEventListener('abort', abort);
  });
}
