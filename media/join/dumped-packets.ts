import { createWriteStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ServiceError } from '../../core/errors.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { bytesOfDump } from '../probe/hex-dump.ts';
import { inputArguments } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { lineReader } from '../process/lines.ts';
import { writeFailure } from '../process/write-failure.ts';

/**
 * Writes the packets of a stream one behind the other as ffprobe shows them, without their times: ffmpeg writes sound of which it knows no
 * rate into no file at all. Throws as `runFfmpeg`.
 */
export async function writeDumpedPackets(
  ffprobe: string,
  { source: { path, probe, stream }, output }: { readonly source: Source; readonly output: string },
  { signal, doing }: { readonly signal: AbortSignal; readonly doing: string },
): Promise<void> {
  const shown = ['-select_streams', `${stream}`, '-show_data', '-show_entries', 'packet=data', '-of', 'default=nw=1'];
  const pipe = new PassThrough();
  const showing = runFfmpeg(ffprobe, ['-v', 'error', ...shown, ...inputArguments(path, probe)], {
    ...{ signal, stdout: pipe, blame: 'bad-input', doing },
  });
  const writing = writeFailure(pipeline(pipe, bytesOfDumps, createWriteStream(output)), output);
  const [shownAll, written] = await Promise.allSettled([showing, writing]);
  // each of them ends the other, and of the two errors ours has the cause
  const errors = [written, shownAll].flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  if (errors.length > 0) throw errors.find((error) => error instanceof ServiceError) ?? errors[0];
}

async function* bytesOfDumps(dumps: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  let lines: string[] = [];
  const reader = lineReader((line) => lines.push(line));
  for await (const part of dumps) {
    reader.push(part);
    yield bytesOfDump(lines.join('\n'));
    lines = [];
  }
  reader.end();
  yield bytesOfDump(lines.join('\n'));
}
