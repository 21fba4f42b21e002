import type { Item, Playlist, Position } from '../../../core/montage/playlist.ts';
import type { Film } from '../film/film.ts';
import type { SourceFile } from '../line/remote-file.ts';
import type { PlayerEvent } from './events.ts';

export type PlayerOptions = {
  /** Two elements, one above the other; the player shows one and makes the other ready. */
  readonly videos: readonly [HTMLVideoElement, HTMLVideoElement];
  readonly onEvent: (event: PlayerEvent) => void;
  /** Another element is shown, or the film in it is known now. */
  readonly onShown: (shown: Shown) => void;
  /** A film that is known already, by its address. */
  readonly filmOf: (src: string) => Film | undefined;
  readonly copyOf: (url: string) => SourceFile | undefined;
};

export type Shown = {
  readonly video: HTMLVideoElement;
  readonly film: Film;
  readonly item: Item;
  readonly position: Position;
};

export type Player = {
  /** Shows the first item, and plays it if `autoplay`; without sound, as browsers ask for it. */
  open(playlist: Playlist, autoplay: boolean): void;
  play(): void;
  pause(): void;
  seek(seconds: number): void;
  next(): void;
  previous(): void;
  jump(to: Position): void;
  setMuted(isMuted: boolean): void;
  setVolume(volume: number): void;
  /** The name of a rendition; undefined: the player chooses. */
  setRendition(name: string | undefined): void;
  setSound(label: string): void;
  /** What is shown now. */
  shown(): Shown | undefined;
  rendition(): string | undefined;
  /** How long a frame of the film lasts, as far as it was shown. */
  frameSeconds(): number | undefined;
  isWanted(): boolean;
  isMuted(): boolean;
  close(): void;
};
