import { ServiceError } from '../../core/errors.ts';
import type { LookedOnce, QualityTask, SideBySide, WholeDecode } from '../../core/ports/measurer.ts';
import type { WorkOptions } from '../../core/ports/work-options.ts';
import type { PassPictures } from '../../core/quality/pass-pictures.ts';
import { CHANNELS, rgbFrames } from '../process/rgb-frames.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import { type MeasuredWhole, measureWhole } from './measure-quality.ts';
import { comparison, reportOf } from './sample-quality.ts';

/** Pictures of all frames are kept in memory where they have at most so many bytes. */
const MOST_BYTES = 32 << 20;

/**
 * Finds by one decode of source and rendition what `decodeFully` and `sampleQuality` find by two. Returns undefined where the frames
 * that are measured are sought, and where anything at all is out of order: a process that reads two files cannot tell which of
 * them is damaged, so each question is then asked alone.
 */
export async function lookOnce(
  toolbox: Toolbox,
  task: QualityTask,
  options: WorkOptions,
  show: SideBySide | undefined,
): Promise<LookedOnce | undefined> {
  const { tool, windows, passes, compared, share } = comparison(toolbox, task);
  const [pass, ...others] = passes;
  if (!pass || others.length > 0 || hasGrain(task)) return undefined;
  const pictures = show && picturesOf(task, show);
  try {
    const found = await measureWhole(tool.path, compared, pass, { ...options, ...share, whole: { pictures } });
    if (found.complaints.length > 0) return undefined;
    return { report: reportOf(task, { windows, compared }, found), ...looks(found, task, { pictures, show }) };
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'not-exact') throw error;
    return undefined;
  }
}

/** All frames of both files, where these are few and small; else those of the rendition that are asked for. */
function picturesOf({ spec, times }: QualityTask, { sheet, turn, pair }: SideBySide): PassPictures {
  const { width, height } = pair;
  const isSmall = sheet.size.width === width && sheet.size.height === height;
  const bytes = 2 * CHANNELS * width * height * times.length;
  const isPlain = (spec.interlacedParts ?? []).length === 0;
  return isSmall && isPlain && bytes <= MOST_BYTES
    ? { of: 'both', filters: spec.filters, turn, size: pair }
    : { of: 'distorted', frames: sheet.frames, turn, size: sheet.size };
}

/** Grain is left out where quality is measured, and belongs to the pictures. */
const hasGrain = ({ spec }: QualityTask) => spec.codec === 'svt-av1' && spec.grain !== undefined;

type PicturesAsked = { readonly pictures: PassPictures | undefined; readonly show: SideBySide | undefined };

function looks({ frames, pictures: bytes }: MeasuredWhole, { times }: QualityTask, { pictures, show }: PicturesAsked) {
  const decoded = (shown: WholeDecode['shown']): WholeDecode => ({ frames, errors: [], shown });
  if (!pictures || !show) return { decoded: decoded([]), pairs: undefined };
  if (pictures.of === 'distorted') return { decoded: decoded(rgbFrames(bytes, pictures.size)), pairs: undefined };
  const frameBytes = CHANNELS * pictures.size.width * pictures.size.height;
  const pairs = rgbFrames(bytes, { width: pictures.size.width, height: 2 * pictures.size.height }).map(
    (both) => [both.subarray(0, frameBytes), both.subarray(frameBytes)] as const,
  );
  const shown = show.sheet.frames.flatMap((frame) => pairs[frame]?.[1] ?? []);
  return { decoded: decoded(shown), pairs: pairs.length === times.length ? pairs : undefined };
}
