import { createHash } from 'node:crypto';
import type { Stream } from '../film/probe.ts';
import { checkOfStream } from '../job/check-list.ts';
import type { Check } from '../job/manifest.ts';
import type { StreamSurvey } from '../ports/film-reader.ts';
import { contentHash } from '../small-file.ts';
import type { Evidence } from './evidence.ts';

/** An attachment has no packets: ffprobe takes its bytes for a codec's private data. */
export function copiedFile(
  { index, extradataHash, hiddenAt }: Stream,
  made: Stream | undefined,
  is: Packets | undefined,
): Check {
  // ffprobe finds a picture that it did not find in the source to be a cover, whose only packet is the file
  const isCoverNow = hiddenAt !== undefined && is?.packets === 1 && is.sha256 === contentHash(extradataHash);
  const passed = isCoverNow || (made?.type === 'attachment' && made.extradataHash === extradataHash);
  return checkOfStream(
    'stream N is copied bit for bit',
    index,
    passed,
    `a file, ${passed ? 'equal' : 'not equal'} by hash`,
  );
}

type Packets = Pick<StreamSurvey, 'packets' | 'sha256'>;

/** ffprobe finds a cover in Matroska to be a file where it does not know its kind (BMP): its bytes are those of the source's only packet. */
export function copiedCover({ index }: Stream, made: Stream, was: Packets | undefined): Check {
  const passed = was?.packets === 1 && was.sha256 === contentHash(made.extradataHash);
  const detail = `a cover, as a file, ${passed ? 'equal' : 'not equal'} by hash`;
  return checkOfStream('stream N is copied bit for bit', index, passed, detail);
}

/** The covers of a rendition in Matroska that are no stream of the source: they come behind everything else. */
export const coversFromBoxes = ({ matroska }: Pick<Evidence, 'matroska'>): readonly Buffer[] =>
  (matroska?.wanted.attachments ?? []).flatMap(({ content }) => (content ? [content] : []));

/** Whether those covers have the bytes of their boxes. */
export function hasCoversOfBoxes({
  matroska,
  output: { probe, survey },
}: Pick<Evidence, 'matroska' | 'output'>): boolean {
  const wanted = coversFromBoxes({ matroska });
  const places = probe.streams.flatMap(({ type }, i) => (type === 'data' ? [] : [i])).slice(-wanted.length);
  return wanted.every((bytes, i) => {
    const hash = `SHA256:${createHash('sha256').update(bytes).digest('hex')}`;
    const made = survey.streams[places[i] ?? -1];
    return made?.packets === 1 && made.sha256 === contentHash(hash);
  });
}
