import { type JoinPlan, timescaleOf } from '../core/encode/join-args.ts';
import { usage } from '../core/errors.ts';
import { type Draft, pieceKey, type Work } from './work.ts';

export type Joined = { readonly path: string; readonly plan: JoinPlan; readonly damage: readonly string[] };

/** The pieces and the source's other streams in one file, not yet verified. */
export async function joinRendition(draft: Draft, work: Work): Promise<Joined> {
  const { ports, tracking, watch, settings, folder } = work;
  const { source, segments, plans, spec, rendition } = draft;
  const { times } = source.cut;
  await tracking.record({ status: 'joining' });
  const pieces = await Promise.all(segments.map(({ key }) => ports.cache.fetch(pieceKey(key), tracking.signal)));
  const container = settings.container ?? 'mp4';
  if (container === 'mkv' && source.main.video.displayMatrix) {
    throw usage('MKV cannot say that a picture is turned, and this one is; use container=mp4');
  }
  const seconds = (frame: number) => (times[frame] ?? 0) * source.tickSeconds;
  const plan: JoinPlan = {
    pieces: pieces.map(({ path }, i) => {
      const next = segments[i + 1];
      const start = segments[i]?.start ?? 0;
      return { path, durationSeconds: next && seconds(next.start) - seconds(start) };
    }),
    source: source.path,
    streams: plans,
    mainStream: source.main.index,
    firstSeconds: seconds(0),
    timescale: timescaleOf(source.index.timeBase),
    container,
    codec: 'hevc',
    video: source.main.video,
    sar: spec.sar,
    timecode: source.main.tags.timecode ?? source.probe.streams.find(({ tags }) => tags.timecode)?.tags.timecode,
    output: `${folder}/${rendition.name}.${container}`,
  };
  try {
    const options = { signal: tracking.signal, onProgress: () => {} };
    const damage = await watch.time('join', () => ports.media.join(plan, options));
    return { path: plan.output, plan, damage };
  } finally {
    await Promise.all(pieces.map((piece) => piece.release()));
  }
}
