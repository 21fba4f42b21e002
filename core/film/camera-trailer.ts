/** What a camera wrote behind the last box of its film: which maker's it is, and where it lies in the file. */
export type CameraTrailer = {
  readonly camera: 'Samsung' | 'Insta360';
  readonly start: number;
  readonly length: number;
};
