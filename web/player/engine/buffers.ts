import { Trouble } from '../line/trouble.ts';
import { joined } from '../mp4/boxes.ts';
import { headerOf } from '../mp4/movie.ts';
import type { Piece } from '../mp4/splitter.ts';
import { mediaSource } from './media-source.ts';

export type Header = Extract<Piece, { type: 'movie' }>;
export type Media = Extract<Piece, { type: 'fragment' | 'samples' }>;

/** Which tracks of a file are played. */
export type Wanted = { readonly picture: boolean; readonly sound: boolean };

/** The browser's buffers of a film: one for its picture and one for its sound, or a single one where fragments hold both. */
export type Buffers = {
  /** Resolves when the video element takes buffers. */
  readonly opened: Promise<unknown>;
  /**
   * Makes the buffers of a file, or gets them ready for another rendition. `together`: its fragments hold several tracks.
   */
  begin(header: Header, want: Wanted, together: boolean): Writer;
  remove(from: number, to: number): Promise<void>;
};

/** The way of one file into its buffers. */
export type Writer = {
  /** Puts bytes before the buffer of their track. */
  add(piece: Media): void;
  /** Gives all that was added to the buffers, to all of them at once; resolves when they have taken it. */
  flush(): Promise<void>;
  /** What comes next is a fragment of another time. */
  jump(): Promise<void>;
};

type Lane = {
  readonly kind: string;
  readonly buffer: SourceBuffer;
  codecs: string;
  tracks: ReadonlySet<number>;
  readonly waiting: Uint8Array[];
  header?: Uint8Array<ArrayBuffer> | undefined;
};

/** This much behind the playhead stays when the browser's memory is full. */
const KEPT_BEHIND_SECONDS = 2;
const ROOM_MS = 200;

export type BuffersOptions = {
  readonly source: MediaSource;
  readonly opened: Promise<unknown>;
  readonly video: HTMLVideoElement;
  /** Frames from this time on are left out. */
  readonly until: number;
  readonly onFull: () => void;
};

/** Returns the source buffers of one film. Their functions throw Trouble for what the browser does not take. */
export function newBuffers({ source, opened, video, until, onFull }: BuffersOptions): Buffers {
  const lanes: Lane[] = [];

  function lane(kind: string, codecs: string, type: string): Lane {
    const found = lanes.find((each) => each.kind === kind);
    if (!mediaSource()?.isTypeSupported(type)) throw new Trouble('format', `This browser does not play ${codecs}.`);
    if (found) {
      if (found.codecs !== codecs) found.buffer.changeType(type);
      found.codecs = codecs;
      return found;
    }
    const buffer = source.addSourceBuffer(type);
    if (Number.isFinite(until)) buffer.appendWindowEnd = until;
    const made = { kind, buffer, codecs, tracks: new Set<number>(), waiting: [] };
    lanes.push(made);
    return made;
  }

  async function put(to: Lane, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        to.buffer.appendBuffer(bytes);
        return await settled(to.buffer);
      } catch (error) {
        if (!(error instanceof DOMException && error.name === 'QuotaExceededError')) throw error;
      }
      if (tries === 0) onFull();
      const behind = video.currentTime - KEPT_BEHIND_SECONDS;
      const { buffered } = to.buffer;
      if (buffered.length > 0 && behind > buffered.start(0)) await removed(to, 0, behind);
      else await new Promise((resolve) => setTimeout(resolve, ROOM_MS)); // what plays on makes room
    }
  }

  async function removed({ buffer }: Lane, from: number, to: number): Promise<void> {
    if (to <= from || source.readyState === 'closed') return;
    buffer.remove(from, to);
    await settled(buffer);
  }

  return {
    opened,
    begin({ movie, ftyp, moov }, want, together) {
      const own: Lane[] = [];
      let now: Lane | undefined;
      for (const kind of together ? ['film'] : ['picture', 'sound']) {
        const tracks = movie.tracks.filter((track) => want[track.kind] && (together || track.kind === kind));
        if (tracks.length === 0) continue;
        const codecs = tracks.map(({ codec }) => codec).join(',');
        const type = `${tracks.some((track) => track.kind === 'picture') ? 'video' : 'audio'}/mp4; codecs="${codecs}"`;
        const ids = new Set(tracks.map(({ id }) => id));
        own.push(Object.assign(lane(kind, codecs, type), { tracks: ids, header: headerOf(ftyp, moov, ids) }));
      }
      return {
        add(piece) {
          if (piece.type === 'fragment')
            now = own.find(({ tracks }) => piece.runs.some(({ track }) => tracks.has(track)));
          now?.waiting.push(piece.bytes);
        },
        async flush() {
          await Promise.all(
            own.map(async (each) => {
              const parts = each.waiting.splice(0);
              if (parts.length === 0) return;
              const { header } = each;
              each.header = undefined;
              await put(each, joined(header ? [header, ...parts] : parts));
            }),
          );
        },
        async jump() {
          for (const { buffer, waiting } of own) {
            waiting.length = 0;
            await settled(buffer);
            if (source.readyState === 'open') buffer.abort();
            if (Number.isFinite(until)) buffer.appendWindowEnd = until; // abort() forgets it
          }
        },
      };
    },
    async remove(from, to) {
      for (const each of lanes) await removed(each, from, to);
    },
  };
}

/** Resolves when a buffer has done what it was told; throws where it could not take the bytes. */
function settled(buffer: SourceBuffer): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!buffer.updating) return void resolve();
    let isBad = false;
    buffer.addEventListener('error', () => (isBad = true), { once: true });
    const done = () => (isBad ? reject(new Trouble('decode', 'The browser cannot decode this film.')) : resolve());
    buffer.addEventListener('updateend', done, { once: true });
  });
}
