import { ServiceError } from '../../core/errors.ts';
import type { ByteSource } from './byte-source.ts';

/** What people can do about a file that is cut short, where there may be a whole one. */
export const COPY_AGAIN = '; copy it again';

/** Returns the error for a file whose end is missing. */
export const truncated = (source: ByteSource, how: string) =>
  new ServiceError('truncated', `${source.name} is cut short: ${how}${COPY_AGAIN}`, { bytes: source.size });

/** The error for a file that is whole but contradicts itself. */
export const broken = (source: ByteSource, how: string) =>
  new ServiceError('bad-input', `${source.name} is broken: ${how}`, { bytes: source.size });

/** Returns the error for a file that is known as something else. */
export const notVideo = (source: ByteSource, what: string, advice = 'drop the video itself') =>
  new ServiceError('not-video', `${source.name} is ${what}, not a video; ${advice}`, { bytes: source.size });

/** The error for a film of a kind that is known and not read here. */
export const notRead = (source: ByteSource, what: string, advice: string) =>
  new ServiceError('not-video', `${source.name} is ${what}, which is not read here: ${advice}`, { bytes: source.size });

/** The error for a file of which nothing tells whether it is a film: other programs know more kinds than are read here. */
export const unknownKind = (source: ByteSource, head: Buffer) =>
  new ServiceError(
    'not-video',
    `${source.name} is of no kind known here (its first bytes are ${head.toString('hex')}); if it is a film, ffmpeg -i SOURCE -c copy NEW.mkv, or with -c:v ffv1 -c:a flac for -c copy, may make one of it that is read`,
    { bytes: source.size },
  );

/** Returns the error for a file that states a picture and has none. */
export const noFrames = (source: ByteSource) =>
  new ServiceError('not-video', `${source.name} has a video track without a single frame`, { bytes: source.size });

/** The error for an encrypted file, which would become noise, or a film that ends with its clear beginning. */
export const encrypted = (source: ByteSource, how: string) =>
  new ServiceError('bad-input', `${source.name} is encrypted: ${how}; drop a copy that plays without a key`, {
    bytes: source.size,
  });

/** The error for a file in which another film begins behind the first one, so that nothing or too little would be made of it. */
/** `cutAt` is the first byte of the other film, where it is known that this begins a whole file. */
export const anotherFilm = (source: ByteSource, how: string, cutAt?: number) =>
  new ServiceError(
    'bad-input',
    `${source.name} holds several films behind each other: ${how}; cut it there${cutAt === undefined ? '' : ` ("head -c ${cutAt}" gives the first, "tail -c +${cutAt + 1}" all behind it)`}, and drop each by itself`,
    {
      bytes: source.size,
    },
  );
