import type { ByteRange } from '../bytes/byte-ranges.ts';

/** How many of a file's first packets are remembered. ffmpeg reads a few, or a few hundred, to learn what the streams are. */
export const FIRST_PACKETS = 4096;

/** Where the packets of a film lie in its file. */
export type PacketPlaces = {
  /**
   * The positions of the picture's packets, in the order of the frame index; NaN where the demuxer does not tell. In a map for
   * stretches they are those of the bytes that a frame is decoded from, with all that it refers to.
   */
  readonly positions: Float64Array;
  readonly sizes: Float64Array;
  /** The first packets of the file in the demuxer's order, whatever their stream. */
  readonly first: readonly ByteRange[];
  /** The first packets of each stream, which are all of a stream that has a timecode alone. */
  readonly ofEach: readonly ByteRange[];
};

/** Says which parts of a film's file ffmpeg reads besides the packets of the picture. */
export type FileMap = {
  /**
   * packets: it reads the packets of the picture alone. clusters: it reads everything from the beginning of a cluster on, and
   * steppedClusters: after it has read all clusters before, because no Cues tell where they are. stretches: it reads the file
   * from its start, so that a stretch of it is made a file of its own.
   */
  readonly reading: 'packets' | 'clusters' | 'steppedClusters' | 'stretches';
  /** Everything that is no media: header, index, tags. */
  readonly index: readonly ByteRange[];
  /**
   * The names of indexes instead of which a file of parts has the name of nothing: those in the header of an AVI that are not
   * right for a stretch (`JUNK`), and those of all fragments of an MP4 (`free`).
   */
  readonly junk?: readonly ByteRange[] | undefined;
  /** How many packets it reads, when it opens the file, to learn what the streams are. */
  readonly openingPackets: number;
  /** Where the clusters of Matroska begin, ascending; none of another container. */
  readonly clusters: Float64Array;
  /** The hash of all that ffprobe says of the opened file. */
  readonly description: string;
};
