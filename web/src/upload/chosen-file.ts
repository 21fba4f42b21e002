/** A file that somebody chose or dropped: where it lay below the folder that was dropped, as "tour/day 1/clip.mov". */
export type ChosenFile = {
  readonly file: File;
  readonly path: string;
  /** With it the browser opens the file again after a reload, if the person allows it. Not every browser has it. */
  readonly handle: FileSystemFileHandle | undefined;
};
