import { fileRecord } from '../core/file-record.ts';
import type { TextRecord } from '../core/job/text-record.ts';
import type { PlayableText } from '../core/playlists/playable.ts';
import { smallFile } from '../core/small-file.ts';
import { type TextFile, textFiles } from '../core/streams/text-files.ts';
import { readCues } from '../core/subtitles/read-cues.ts';
import { webVtt } from '../core/subtitles/web-vtt.ts';
import type { ExtraFile } from './extra-file.ts';
import type { StreamedSource, ToldFates } from './streamed-source.ts';
import type { JobWork } from './work.ts';

export type MadeText = { readonly record: TextRecord; readonly file: ExtraFile; readonly playable: PlayableText };

/** The text subtitles of a streamed film, each as a WebVTT file. Subtitles that cannot be read are left out, and told. */
export async function makeTexts(
  { source, film, leftOut }: StreamedSource,
  work: JobWork,
): Promise<{ readonly texts: readonly MadeText[]; readonly fates: ToldFates }> {
  const { ports, tracking, folder, watch } = work;
  const wanted = textFiles(source.probe, leftOut);
  if (wanted.length === 0) return { texts: [], fates: new Map() };
  const { path, probe } = source;
  const streams = wanted.map(({ stream }) => stream.index);
  const task = { path, access: probe.access, offsetSeconds: film.delaySeconds, streams, folder };
  const read = await watch.time('join', () => ports.maker.readTexts(task, tracking.signal));
  const filmSeconds = film.to + film.delaySeconds;
  const results = wanted.map((text, i) => ({ text, made: madeOf(text, read[i], filmSeconds) }));
  return {
    texts: results.flatMap(({ made }) => ('problem' in made ? [] : [made])),
    fates: new Map(
      results.map(({ text: { stream }, made }) => [
        stream.index,
        'problem' in made
          ? { fate: 'dropped', why: `it cannot be streamed: ${made.problem}` }
          : { fate: 'converted', why: `as WebVTT in ${made.file.path}, for players`, sidecar: made.file.path },
      ]),
    ),
  };
}

type Read = Awaited<ReturnType<JobWork['ports']['maker']['readTexts']>>[number];

function madeOf(text: TextFile, read: Read | undefined, filmSeconds: number) {
  if (!read || 'problem' in read) return { problem: read?.problem ?? 'it was not read' };
  const found = readCues(read.webVtt, { language: text.language, filmSeconds });
  if ('problem' in found) return found;
  const file = smallFile(`${text.name}.vtt`, webVtt(found.cues));
  const { name, stream, language, isDefault, isForced, isForDeaf, isCommentary } = text;
  const record: TextRecord = {
    ...{ name, ...fileRecord(file), stream: stream.index },
    ...(language !== undefined && { language }),
    ...{ default: isDefault, forced: isForced, hearingImpaired: isForDeaf, commentary: isCommentary },
  };
  return { record, file, playable: playableText(record) };
}

/** The subtitles that an earlier run published. */
export const textsThere = (records: readonly TextRecord[]): readonly MadeText[] =>
  records.map((record) => ({ record, file: fileRecord(record), playable: playableText(record) }));

const playableText = (record: TextRecord): PlayableText => ({
  ...{ name: record.name, file: record.path, language: record.language, isDefault: record.default },
  ...{ isForced: record.forced, isForDeaf: record.hearingImpaired, isCommentary: record.commentary },
});
