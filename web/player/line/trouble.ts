/**
 * Why something cannot be played, or goes on differently:
 * network: nothing arrives; gone: there is no such file; refused: the server lets nobody have it (a signature that ran out);
 * changed: the file is another one than before; plain: it is an MP4 without fragments, which cannot be streamed;
 * format: it cannot be taken by this browser; decode: it cannot be decoded;
 * ranges: the server cannot send a part of a file; quota: the browser's memory for films is full; autoplay: it waits for a
 * click; background: the page is not to be seen; playlist: there is nothing to play; key: a copy cannot be opened.
 */
export type TroubleKind =
  | 'network'
  | 'gone'
  | 'refused'
  | 'changed'
  | 'plain'
  | 'format'
  | 'decode'
  | 'ranges'
  | 'quota'
  | 'autoplay'
  | 'background'
  | 'playlist'
  | 'key';

/** A failure with one cause and one sentence for the page. */
export class Trouble extends Error {
  override readonly name = 'Trouble';
  readonly kind: TroubleKind;

  constructor(kind: TroubleKind, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.kind = kind;
  }
}

/** The module that opens copies has this class once more, so that a trouble is known by its name. */
const isTrouble = (error: unknown): error is Trouble => error instanceof Error && error.name === 'Trouble';

/** Returns what was thrown as Trouble; anything unknown came from the browser, which did not take the film. */
export const troubleOf = (error: unknown): Trouble =>
  isTrouble(error) ? error : new Trouble('format', 'The browser does not take this film.', { cause: error });

/** Whether it was told to stop, which is no trouble. */
export const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';
