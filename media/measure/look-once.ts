import { ServiceError } from '../../core/errors.ts';
import type { FramesToShow, LookedOnce, QualityTask, SideBySide, WholeDecode } from '../../core/ports/measurer.ts';
import type { WorkOptions } from '../../core/ports/work-options.ts';
import { framesScored } from '../../core/quality/compare-args.ts';
import type { PassPictures } from '../../core/quality/pass-pictures.ts';
import { framesTaken } from '../../core/quality/sample.ts';
import { CHANNELS, rgbFrames } from '../process/rgb-frames.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import { type MeasuredWhole, measureWhole } from './measure-quality.ts';
import { comparison, reportOf } from './sample-quality.ts';

/** The pictures of which one is shown are kept in memory where they have at most so many bytes. */
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
  const scored = framesScored(framesTaken(pass.windows), compared);
  const pictures = show && picturesOf(task, show, { scored, isShared: 'share' in share });
  try {
    const found = await measureWhole(tool.path, compared, pass, { ...options, ...share, whole: { pictures } });
    if (found.complaints.length > 0) return undefined;
    return { report: reportOf(task, { windows, compared }, found), ...looks(found, pictures) };
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'not-exact') throw error;
    return undefined;
  }
}

/**
 * The frames that the report shows, and of both files each frame that may turn out to be the worst where these are small. A larger
 * film's are left out where another rendition gives the source's frames, and where filters would be done twice to the whole film.
 */
function picturesOf(
  { spec }: QualityTask,
  { sheet, turn, pair }: SideBySide,
  { scored, isShared }: { readonly scored: readonly number[]; readonly isShared: boolean },
): PassPictures {
  const isSmall = sheet.size.width === pair.width && sheet.size.height === pair.height;
  const parts = [...(spec.interlacedParts ?? []), ...(spec.shapedParts ?? [])];
  const isPlain = parts.length === 0 && (isSmall || (!isShared && spec.filters.length === 0));
  const bytes = 2 * CHANNELS * pair.width * pair.height * scored.length;
  const hasPairs = isPlain && bytes <= MOST_BYTES;
  return { turn, sheet, ...(hasPairs && { pairs: { frames: scored, size: pair, filters: spec.filters } }) };
}

/** Grain is left out where quality is measured, and belongs to the pictures. */
const hasGrain = ({ spec }: QualityTask) => spec.codec === 'svt-av1' && spec.grain !== undefined;

function looks({ frames, ...bytes }: MeasuredWhole, pictures: PassPictures | undefined) {
  const decoded = (shown: WholeDecode['shown']): WholeDecode => ({ frames, errors: [], shown });
  if (!pictures) return { decoded: decoded([]), pairs: undefined };
  return {
    decoded: decoded(rgbFrames(bytes.pictures, pictures.sheet.size)),
    pairs: pictures.pairs && pairsIn(bytes.pairs, pictures.pairs),
  };
}

function pairsIn(bytes: Uint8Array, { frames, size: { width, height } }: Pick<FramesToShow, 'frames' | 'size'>) {
  const half = CHANNELS * width * height;
  const found = rgbFrames(bytes, { width, height: 2 * height });
  const pairs = frames.flatMap((frame, i) => {
    const both = found[i];
    return both ? [[frame, [both.subarray(0, half), both.subarray(half)]] as const] : [];
  });
  return pairs.length === frames.length ? new Map(pairs) : undefined;
}
