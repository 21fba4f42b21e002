import { rm } from 'node:fs/promises';
import { soundFileArgs } from '../../core/encode/sound-args.ts';
import { countedFromStart } from '../../core/film/access.ts';
import type { SoundFileTask } from '../../core/ports/sound-file.ts';
import { timedInputArguments } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { writeFailure } from '../process/write-failure.ts';
import { arrangeFragments } from './arrange-fragments.ts';
import { decodeSound } from './decode-sound.ts';

/** Writes a sound of a source to a file of its own, in fragments behind an index. */
export async function writeSound(ffmpeg: string, task: SoundFileTask, signal: AbortSignal): Promise<void> {
  const { path, access, output } = task;
  const draft = `${output}.fragments`;
  const samples = `${output}.pcm`;
  try {
    const decoded = task.plan.decodedFirst
      ? await decodeSound(ffmpeg, { source: path, access, plan: task.plan, output: samples }, signal)
      : undefined;
    await runFfmpeg(
      ffmpeg,
      [
        ...soundFileArgs(timedInputArguments(path, access, task.offsetSeconds), { ...task, output: draft, decoded }),
        ...(decoded ? [] : countedFromStart(access, [task.plan.stream.index])),
      ],
      {
        signal,
        writes: draft,
        blame: 'bad-input',
        doing: `writing the sound of stream ${task.plan.stream.index}`,
      },
    );
    await rm(output, { force: true }); // a first attempt may have left it
    await writeFailure(arrangeFragments(draft, output, signal), output);
  } finally {
    for (const each of [draft, samples]) await rm(each, { force: true });
  }
}
