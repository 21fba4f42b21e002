/** A film as a player can choose from it. */
export type Film = {
  readonly name: string | undefined;
  /** The same picture in several sizes, the best one first. */
  readonly rungs: readonly Rung[];
  /** Sounds among which viewers choose; the first one is played unless another is the default. Empty where it is not known. */
  readonly sounds: readonly Sound[];
  readonly texts: readonly Text[];
  /** The WebVTT file that says which part of which picture shows a time. */
  readonly thumbnails: string | undefined;
  readonly poster: string | undefined;
  /** 0 where it is not known yet. */
  readonly seconds: number;
  readonly sphere: SphereLayout | undefined;
};

export type SphereLayout = 'mono' | 'top-bottom' | 'left-right';

export type Rung = {
  readonly name: string;
  readonly url: string;
  /** Where its file is named, if `url` is only where it should be. */
  readonly playlist?: string | undefined;
  readonly width: number;
  readonly height: number;
  /** Bits a second; 0 where it is not known. */
  readonly bits: number;
  /** What is said of it; undefined: to be read from its file. */
  readonly codecs: string | undefined;
};

export type Sound = {
  readonly label: string;
  /** Undefined: the sound inside the rungs. */
  readonly url: string | undefined;
  readonly playlist?: string | undefined;
  readonly codecs: string | undefined;
  readonly isDefault: boolean;
};

export type Text = {
  readonly label: string;
  readonly language: string;
  readonly url: string;
  readonly isDefault: boolean;
  readonly isForDeaf: boolean;
};

/** One MP4 file that is all there is. */
export const filmOfFile = (url: string): Film => ({
  ...{
    name: undefined,
    sounds: [],
    texts: [],
    thumbnails: undefined,
    poster: undefined,
    seconds: 0,
    sphere: undefined,
  },
  rungs: [{ name: 'file', url, width: 0, height: 0, bits: 0, codecs: undefined }],
});
