/** What one packet of a sound says of how it is to be decoded, in its own header. */
export type SoundKind = {
  readonly channels: number;
  /** ffmpeg's name of the channel layout. */
  readonly layout: string;
  readonly sampleRate: number;
  /** Bits of a sample, where the header says them. */
  readonly bits?: number;
};

/** A kind of sound, and the second from which on it holds, counted from the file's start. */
export type SoundChange = SoundKind & { readonly fromSeconds: number };
