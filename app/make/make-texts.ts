import { ServiceError } from '../../core/errors.ts';
import { fileRecord } from '../../core/file-record.ts';
import type { Stream } from '../../core/film/probe.ts';
import type { TextRecord } from '../../core/job/text-record.ts';
import type { PlayableText } from '../../core/playlists/playable.ts';
import { smallFile } from '../../core/small-file.ts';
import type { ToldFate } from '../../core/streams/stream-plan.ts';
import type { SubtitleBeside } from '../../core/streams/subtitle-beside.ts';
import {
  asWebVtt,
  captionFile,
  captionStreams,
  type TextFile,
  textFiles,
  textPath,
} from '../../core/streams/text-files.ts';
import { streamsBeside } from '../../core/subtitles/beside.ts';
import { type ReadCues, readCues } from '../../core/subtitles/read-cues.ts';
import { joinedCues } from '../../core/subtitles/srt.ts';
import { webVtt } from '../../core/subtitles/web-vtt.ts';
import type { JobWork } from '../encode/work.ts';
import type { StreamedSource, ToldFates } from '../source/streamed-source.ts';
import type { ExtraFile } from './extra-file.ts';

export type MadeText = { readonly record: TextRecord; readonly file: ExtraFile; readonly playable: PlayableText };

/**
 * The text subtitles of a streamed film, each as a WebVTT file: those inside the source, and those of files beside it.
 * Subtitles that cannot be read are left out, and told.
 */
export async function makeTexts(
  streamed: StreamedSource,
  work: JobWork,
): Promise<{ readonly texts: readonly MadeText[]; readonly fates: ToldFates }> {
  const results = withOneDefault([
    ...(await insideOf(streamed, work)),
    ...(await captionsOf(streamed, work)),
    ...besideOf(streamed, work.beside),
  ]);
  const fates = new Map<number, ToldFate>();
  for (const { stream, made } of results) fates.set(stream.index, withBoth(fates.get(stream.index), fateOf(made)));
  const texts = results.flatMap(({ made }) => ('problem' in made ? [] : [made]));
  for (const { record, leftOut } of texts)
    if (leftOut !== undefined)
      work.tracking.emit({ type: 'warning', job: work.request.id, message: `${record.path}: ${leftOut}` });
  return { texts, fates };
}

/** What became of a subtitle stream, or of a file that counts as one. */
type Result = { readonly stream: Stream; readonly made: WrittenText | { readonly problem: string } };
type WrittenText = MadeText & { readonly leftOut?: string; readonly isSecondDefault?: true };

/** Players choose at most one text by themselves (RFC 8216 4.3.4.1.1): of several default ones it is the first that can be streamed. */
function withOneDefault(results: readonly Result[]): readonly Result[] {
  const first = results.find(({ made }) => 'record' in made && made.record.default);
  return results.map((each) => {
    const { made } = each;
    if (each === first || 'problem' in made || !made.record.default) return each;
    const record = { ...made.record, default: false };
    return { ...each, made: { ...made, record, playable: playableText(record), isSecondDefault: true } };
  });
}

async function insideOf({ source, film, leftOut }: StreamedSource, work: JobWork): Promise<readonly Result[]> {
  const { ports, tracking, folder, watch } = work;
  const wanted = textFiles(source.probe.streams, leftOut);
  if (wanted.length === 0) return [];
  const { path, probe } = source;
  const streams = wanted.map(({ stream }) => stream);
  const { delaySeconds: offsetSeconds } = film;
  const { access, format, startSeconds } = probe;
  const task = { path, access, format, startSeconds, streams, folder };
  const read = await watch.time('join', () => ports.maker.readTexts(task, tracking.signal));
  return wanted.map((text, i) => {
    const found = read[i];
    const problem = found && 'problem' in found ? found.problem : 'it was not read';
    const { language } = text;
    const asked = { language, offsetSeconds, filmSeconds: film.to + offsetSeconds, keepsPlaces: true };
    return {
      stream: text.stream,
      made: found && 'webVtt' in found ? madeOf(text, readCues(found.webVtt, asked)) : { problem: cannot(problem) },
    };
  });
}

/** The captions inside the picture, and those of tracks of their own: a file for each channel. */
async function captionsOf({ source, film, leftOut }: StreamedSource, work: JobWork): Promise<readonly Result[]> {
  const { path, probe, main, index } = source;
  const { delaySeconds: offsetSeconds } = film;
  const results: Result[] = [];
  for (const stream of captionStreams(probe.streams, main.index, leftOut)) {
    const reading = work.watch.time('join', () =>
      work.ports.maker.readCaptions({ path, probe, stream: stream.index, index }, work.folder, work.tracking.signal),
    );
    const read = await reading.catch((error: unknown) => {
      if (error instanceof ServiceError && error.code === 'bad-input') return error.message;
      throw error;
    });
    if (typeof read === 'string') {
      results.push({ stream, made: { problem: cannot(read) } });
      continue;
    }
    for (const { channel, cues } of read.tracks) {
      const text = captionFile(stream, channel);
      const bytes = new TextEncoder().encode(webVtt(joinedCues(cues)));
      const asked = { language: text.language, offsetSeconds, filmSeconds: film.to + offsetSeconds, keepsPlaces: true };
      results.push({ stream, made: madeOf(text, readCues(bytes, asked)) });
    }
    if (read.tracks.length === 0 && stream.codec !== 'dvb_teletext')
      results.push({ stream, made: { problem: stream.codec === 'stpp' ? NO_TEXT : NO_CAPTIONS } });
  }
  return results;
}

const NO_TEXT = 'it has no text that is read';
const NO_CAPTIONS = 'it has closed captions without a word';

/** What became of a stream that has several texts. */
const withBoth = (first: ToldFate | undefined, next: ToldFate) =>
  first === undefined || first.fate === 'dropped' ? next : { ...first, why: `${first.why}; ${next.why}` };

/** Files beside a film count from its beginning, as its streams do. */
function besideOf({ source, film, leftOut }: StreamedSource, all: readonly SubtitleBeside[]): readonly Result[] {
  const streams = streamsBeside(all, source.probe.streams.length);
  const texts = textFiles(streams, leftOut);
  const { delaySeconds: offsetSeconds } = film;
  return all.flatMap(({ text: bytes, language, format }, i) => {
    const stream = streams[i];
    if (!stream) return [];
    const unwanted = leftOut.get(stream.index);
    if (unwanted !== undefined) return [{ stream, made: { problem: unwanted } }];
    const text = texts.find((each) => each.stream === stream);
    if (!text)
      return [{ stream, made: { problem: cannot('it holds pictures of text, or a format that is not read') } }];
    if (!bytes) return [{ stream, made: { problem: cannot('its file is too large') } }];
    const asked = { language, format, offsetSeconds, filmSeconds: film.to + offsetSeconds, keepsPlaces: true };
    return [{ stream, made: madeOf(text, readCues(bytes, asked)) }];
  });
}

function madeOf(text: TextFile, found: ReadCues): Result['made'] {
  if ('problem' in found) return { problem: cannot(found.problem) };
  const file = smallFile(textPath(text), webVtt(found.cues));
  const { name, stream, language, isDefault, isForced, isForDeaf, isCommentary } = text;
  const record: TextRecord = {
    ...{ name, ...fileRecord(file), stream: stream.index },
    ...(language !== undefined && { language }),
    ...{ default: isDefault, forced: isForced, hearingImpaired: isForDeaf, commentary: isCommentary },
  };
  const { leftOut } = found;
  return { record, file, playable: playableText(record), ...(leftOut !== undefined && { leftOut }) };
}

const cannot = (problem: string) => `it cannot be streamed: ${problem}`;

function fateOf(made: Result['made']): ToldFate {
  if ('problem' in made) return { fate: 'dropped', why: made.problem };
  const second = made.isSecondDefault ? ', which choose the first default text' : '';
  const told = made.leftOut === undefined ? '' : `; ${made.leftOut}`;
  return { fate: 'converted', why: `${asWebVtt(made.record)}${second}${told}`, sidecar: made.file.path };
}

/** The subtitles that an earlier run published. */
export const textsThere = (records: readonly TextRecord[]): readonly MadeText[] =>
  records.map((record) => ({ record, file: fileRecord(record), playable: playableText(record) }));

const playableText = (record: TextRecord): PlayableText => ({
  ...{ name: record.name, file: record.path, language: record.language, isDefault: record.default },
  ...{ isForced: record.forced, isForDeaf: record.hearingImpaired, isCommentary: record.commentary },
});
