import { realpath, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { concatScript } from '../../core/encode/join-args.ts';
import type { SamplesTask } from '../../core/ports/measurer.ts';
import type { CompareTask, Pass } from '../../core/quality/compare-args.ts';
import { passesFor } from '../../core/quality/passes.ts';
import { comparedOfTrial, framesIn, type SampleWindow, scoredOfTrial } from '../../core/quality/sample.ts';
import { summaryOf } from '../../core/quality/score-summary.ts';
import { inputArguments } from '../probe/input-arguments.ts';
import { withOwnFolder } from '../process/own-folder.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import { measureQuality } from './measure-quality.ts';
import { compareTask, meterFor } from './sample-quality.ts';

const FROM_START = { seekSeconds: undefined, skip: 0, frame: 0 };

/**
 * Returns the mean score of each window of a film by the piece that holds its frames and no others. Where the film is decoded
 * from its start anyway, one process compares all pieces, one after the other. Throws `missing-tool` and `not-exact`.
 */
export async function scoreSamples(
  toolbox: Toolbox,
  task: SamplesTask,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const { spec, source, sequential, times, tickSeconds, fileStartSeconds, keyframes, among, fields } = task;
  const meter = meterFor(toolbox, spec, source);
  const windows = task.samples.map(({ window }) => comparedOfTrial(window));
  const film = { times, tickSeconds, fileStartSeconds, keyframes, among, fields, margin: spec.margin };
  const whole = compareTask({ source, spec, rendition: '' }, meter);
  const fromStart = sequential || whole.reference.piped !== undefined;
  const passes = passesFor(windows, { reference: film, distorted: film, sequential: fromStart });
  const every = scoredOfTrial(framesIn(windows));
  return withOwnFolder('reelmill-trial-', async (folder) => {
    const means: number[] = [];
    for (const pass of passes) {
      const pieces = task.samples.slice(means.length, means.length + pass.windows.length).map(({ piece }) => piece);
      const input = await piecesInput(pieces, folder);
      const compared: CompareTask = {
        ...whole,
        distorted: { ...whole.distorted, input, isPicked: true },
        ...{ every, scoresAlone: true },
      };
      means.push(...(await meansOf(meter.tool.path, compared, { ...pass, distorted: FROM_START }, signal)));
    }
    return means;
  });
}

/** Returns the input arguments for pieces as one film. Only their order counts, so that their times need not be known. */
async function piecesInput(pieces: readonly string[], folder: string): Promise<readonly string[]> {
  const [alone] = pieces;
  if (pieces.length === 1 && alone !== undefined) return inputArguments(alone);
  const script = join(folder, 'pieces.ffconcat');
  // ffmpeg works in another folder beside this one, and folder names may hold what a script cannot
  const from = await realpath(folder);
  const named = await Promise.all(pieces.map(async (piece) => ({ path: relative(from, await realpath(piece)) })));
  await writeFile(script, concatScript(named.map((piece) => ({ ...piece, durationSeconds: undefined }))));
  return ['-f', 'concat', '-safe', '0', '-protocol_whitelist', 'file', '-i', `file:${script}`];
}

async function meansOf(ffmpeg: string, compared: CompareTask, pass: Pass, signal: AbortSignal) {
  const { scores } = await measureQuality(ffmpeg, compared, [pass], { signal, onProgress: () => {} });
  const isIn =
    ({ startFrame, frames }: SampleWindow) =>
    ({ frame }: { readonly frame: number }) =>
      frame >= startFrame && frame < startFrame + frames;
  return pass.windows.map((window) => summaryOf(scores.filter(isIn(window))).mean);
}
