/** A packet of a file, as ffprobe reports it. Times are ticks of its stream. */
export type FilePacket = {
  readonly stream_index: number;
  readonly pts?: number | undefined;
  readonly dts?: number | undefined;
  readonly duration?: number | undefined;
  readonly size: number;
  readonly pos?: number | undefined;
  /** K stands in it for a keyframe, D for a packet that is decoded and not shown. */
  readonly flags: string;
  readonly data_hash: string;
};

/** All packets of a file in order. */
export type FilePackets = {
  readonly packets: readonly FilePacket[];
  /** Whether the demuxer logged an error while it read them. */
  readonly hasErrors: boolean;
};

/** Returns whether a stream has at most one keyframe, by its packets. */
export const hasOneKeyframe = ({ packets }: FilePackets, stream: number): boolean =>
  packets.filter(({ stream_index, flags }) => stream_index === stream && flags.includes('K')).length <= 1;
