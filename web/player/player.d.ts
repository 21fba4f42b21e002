/** What `<reelmill-player>` is to a page. docs/player.md of the repository describes it. */
export type Position = { readonly montage: number; readonly track: number; readonly item: number };

export type Item = {
  readonly src: string;
  readonly name?: string;
  readonly rendition?: string;
  readonly in?: number;
  readonly out?: number;
  readonly muted?: boolean;
  readonly loop?: number | true;
};

export type Playlist = {
  readonly name?: string;
  readonly montages: readonly {
    readonly name?: string;
    readonly tracks: readonly { readonly name?: string; readonly items: readonly Item[] }[];
  }[];
  readonly loop?: boolean;
};

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

/** The `detail` of a `reelmill` event. Every `reason` is a sentence for people. */
export type PlayerEvent =
  | {
      readonly type: 'step';
      readonly from: Position | undefined;
      readonly to: Position;
      readonly move: 'start' | 'repeat' | 'next-item' | 'next-track' | 'next-montage' | 'round' | 'previous' | 'jump';
      readonly isReplay: boolean;
      readonly reason: string;
    }
  | { readonly type: 'skip'; readonly at: string; readonly reason: string }
  | { readonly type: 'end'; readonly reason: string }
  | { readonly type: 'first-frame'; readonly milliseconds: number }
  | { readonly type: 'quality'; readonly rendition: string; readonly reason: string }
  | { readonly type: 'trouble'; readonly kind: TroubleKind; readonly reason: string }
  | {
      readonly type: 'fallback';
      readonly way: 'stream' | 'fragmented' | 'native';
      readonly rendition: string;
      readonly kind: TroubleKind;
      readonly reason: string;
    }
  | { readonly type: 'stall'; readonly kind: TroubleKind; readonly reason: string }
  | { readonly type: 'go' }
  | { readonly type: 'error'; readonly kind: TroubleKind; readonly reason: string }
  | { readonly type: 'state'; readonly isPaused: boolean };

/** A file that is read in parts from elsewhere than a web server. */
export type SourceFile = {
  read(
    range: { readonly from: number; readonly to: number },
    signal: AbortSignal,
    take: (bytes: Uint8Array) => Promise<void>,
  ): Promise<number>;
  size(): number | undefined;
};

export type View = { readonly yaw: number; readonly pitch: number; readonly fieldOfView: number };

export class ReelmillPlayer extends HTMLElement {
  src: string;
  copies: ReadonlyMap<string, SourceFile>;
  /** Descriptions of films by their addresses, which are then not asked for. */
  films: ReadonlyMap<string, unknown>;
  currentTime: number;
  muted: boolean;
  volume: number;
  rendition: string | undefined;
  sound: string | undefined;
  captions: string | undefined;
  readonly paused: boolean;
  readonly video: HTMLVideoElement;
  readonly sphere: Promise<{ view(): View; look(view: Partial<View>): void } | undefined>;
  readonly house: { autoplay(): boolean | undefined; set(value: boolean): Promise<void> } | undefined;
  open(playlist: Playlist | undefined, films?: readonly string[]): Promise<void>;
  play(): void;
  pause(): void;
  toggle(): void;
  seek(seconds: number): void;
  next(): void;
  previous(): void;
  jump(to: Position): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'reelmill-player': ReelmillPlayer;
  }
  interface HTMLElementEventMap {
    reelmill: CustomEvent<PlayerEvent>;
    'reelmill-house': CustomEvent<{ readonly autoplay: boolean }>;
  }
}
