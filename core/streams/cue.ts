/** A text, and where WebVTT lays it over the picture, in its own words; at the bottom by default. */
export type Cue = {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly text: string;
  readonly settings?: string;
  /** What a file of WebVTT has before a cue: its name, and comments. */
  readonly name?: string;
  readonly comments?: string;
};
