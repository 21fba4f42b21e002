import { createHash } from 'node:crypto';
import { createFile, Log, MP4BoxBuffer } from 'mp4box';

type ParsedSample = {
  readonly cts: number;
  readonly duration: number;
  readonly size: number;
  readonly is_sync: boolean;
  readonly description_index: number;
  readonly offset: number;
};
type ParsedMovie = { getTrackSamplesInfo(track: number): readonly ParsedSample[] };

export type ReadSample = {
  /** When it is shown, in seconds of the film, by the track's edit list. */
  readonly seconds: number;
  readonly duration: number;
  readonly isSync: boolean;
  readonly description: number;
  readonly hash: string;
};
export type ReadTrack = {
  readonly id: number;
  readonly codec: string;
  readonly timescale: number;
  readonly samples: readonly ReadSample[];
};

/** Every sample of an MP4, whether its tables or its fragments tell of it, as mp4box.js reads them, which is not ours. */
export function samplesIn(bytes: Buffer): { readonly isFragmented: boolean; readonly tracks: readonly ReadTrack[] } {
  Object.assign(Log, { error: () => {} }); // it complains of QuickTime's boxes, which it need not know
  const file = createFile();
  file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(Uint8Array.from(bytes).buffer, 0));
  file.flush();
  const info = file.getInfo();
  const tracks = info.tracks.map(({ id, codec, timescale, edits = [] }) => {
    const empty = edits.filter((edit) => edit.media_time === -1).reduce((sum, edit) => sum + edit.segment_duration, 0);
    const skipped = edits.find((edit) => edit.media_time >= 0)?.media_time ?? 0;
    const samples = (file as unknown as ParsedMovie).getTrackSamplesInfo(id).map((sample) => ({
      seconds: (sample.cts - skipped) / timescale + empty / info.timescale,
      duration: sample.duration,
      isSync: sample.is_sync,
      description: sample.description_index,
      hash: createHash('md5')
        .update(bytes.subarray(sample.offset, sample.offset + sample.size))
        .digest('hex'),
    }));
    return { id, codec, timescale, samples };
  });
  return { isFragmented: info.isFragmented, tracks };
}
