import { rm, stat } from 'node:fs/promises';
import { idBytesOf, newElement, sizeBytesOf, textElement } from '../../core/bytes/ebml.ts';
import { MKV } from '../../core/bytes/matroska-ids.ts';
import type { JoinPlan } from '../../core/encode/join-plan.ts';
import type { MatroskaPlan } from '../../core/encode/matroska-plan.ts';
import type { OpusDelays } from '../../core/encode/opus-delays.ts';
import type { PlannedAttachment } from '../../core/encode/planned-attachments.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { timedInputArguments } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { type AppendedBytes, editSegment } from './edit-segment.ts';

/** Writes into a joined Matroska file what ffmpeg cannot: how the film describes itself, the files that it holds, and delays of Opus. */
export async function describeMatroska(
  ffmpeg: string,
  { source, access, output, firstSeconds }: JoinPlan,
  plan: MatroskaPlan,
  { delays, signal }: { readonly delays: OpusDelays; readonly signal: AbortSignal },
): Promise<void> {
  const files: AppendedBytes[] = [];
  const covers: string[] = [];
  try {
    for (const file of plan.attachments) {
      if (file.at) {
        files.push({ path: source, ...file.at });
        continue;
      }
      if (file.content) {
        files.push(elementHead(file, file.content.length), file.content);
        continue;
      }
      const cover = `${output}.cover-${file.stream}`;
      covers.push(cover);
      const input = timedInputArguments(source, access);
      // ffmpeg writes an attachment while it opens the file, but requires an output; a cover is a stream of one packet
      const args = file.isFile
        ? [
            `-dump_attachment:${file.stream}`,
            cover,
            ...input,
            '-map',
            `0:${file.stream}`,
            '-c',
            'copy',
            '-f',
            'null',
            '-',
          ]
        : [...input, '-map', `0:${file.stream}`, '-c', 'copy', '-frames:v', '1', '-f', 'data', `file:${cover}`];
      const run = {
        signal,
        writes: cover,
        blame: 'bad-input',
        doing: `reading the file in stream ${file.stream}`,
      } as const;
      await runFfmpeg(ffmpeg, [...ffmpegPreamble(), '-y', ...args], run);
      files.push(...(await fileElement(file, cover)));
    }
    const bytes = files.reduce((sum, each) => sum + (Buffer.isBuffer(each) ? each.length : each.end - each.start), 0);
    const head = Buffer.concat([idBytesOf(MKV.Attachments), sizeBytesOf(bytes)]);
    const attachments = files.length > 0 ? [head, ...files] : [];
    await editSegment(output, plan, { attachments, delays, firstSeconds, signal });
  } finally {
    for (const cover of covers) await rm(cover, { force: true });
  }
}

async function fileElement(file: PlannedAttachment, path: string): Promise<readonly AppendedBytes[]> {
  const { size } = await stat(path);
  return [elementHead(file, size), { path, start: 0, end: size }];
}

/** The fields of an attached file, up to its bytes, of which there are `size`. */
function elementHead({ name, mediaType, uid, description }: PlannedAttachment, size: number): Buffer {
  const fields = Buffer.concat([
    ...(description === undefined ? [] : [textElement(MKV.FileDescription, description)]),
    textElement(MKV.FileName, name),
    textElement(MKV.FileMediaType, mediaType),
    newElement(MKV.FileUID, Buffer.from(uid.padStart(2, '0'), 'hex')),
  ]);
  const data = Buffer.concat([idBytesOf(MKV.FileData), sizeBytesOf(size)]);
  const head = Buffer.concat([idBytesOf(MKV.AttachedFile), sizeBytesOf(fields.length + data.length + size)]);
  return Buffer.concat([head, fields, data]);
}
