import { createHash } from 'node:crypto';
import type { MatroskaDescription } from '../../core/description/matroska.ts';
import type { Probe, Stream } from '../../core/film/probe.ts';
import { withByteSource } from '../structure/byte-source.ts';

const READ_BYTES = 1 << 20;

/**
 * Returns the probe with the files of a Matroska that lie behind its packets as further streams. ffprobe finds them by a list of
 * positions alone, which programs that write without going back leave out.
 */
export async function withHiddenFiles(
  probe: Probe,
  { path, found }: { readonly path: string; readonly found: MatroskaDescription },
  signal: AbortSignal,
): Promise<Probe> {
  const { tracks, attachments } = found;
  const first = probe.streams.length - tracks.length;
  const hidden = first < 0 ? [] : attachments.slice(first);
  if (hidden.length === 0) return probe;
  const streams: Stream[] = [...probe.streams];
  await withByteSource(path, signal, async (source) => {
    for (const { name, mediaType, data: at } of hidden) {
      const hash = createHash('sha256');
      for (let from = at.start; from < at.end; from += READ_BYTES)
        hash.update(await source.read(from, Math.min(READ_BYTES, at.end - from)));
      streams.push({
        ...{ index: streams.length, type: 'attachment', codec: 'unknown', dispositions: [], hiddenAt: at },
        tags: { filename: name, mimetype: mediaType },
        extradataHash: `SHA256:${hash.digest('hex')}`,
        timeBase: { num: 1, den: 1000 },
        ...{ startSeconds: undefined, durationSeconds: undefined, video: undefined, audio: undefined },
      });
    }
  });
  return { ...probe, streams };
}
