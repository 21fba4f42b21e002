import { ServiceError } from '../../core/errors.ts';
import type { PieceResult, PieceTask, PieceTo } from '../../core/ports/file-maker.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { WorkOptions } from '../../core/ports/work-options.ts';
import { atOnceOf, pieceTask } from './encode-segments.ts';
import { piecesThere } from './pieces-there.ts';
import type { Draft, PiecesTogether } from './work.ts';

/** A piece that another rendition's encode gives besides its own. */
type SharedPiece = {
  readonly result: Promise<PieceResult | undefined>;
  readonly listeners: WorkOptions['onProgress'][];
};

/** A rendition in the making, and its folder for pieces. */
type DraftIn = { readonly draft: Draft; readonly folder: string };

/**
 * Lets renditions of one source share its decode: which of them comes first to a segment has it encoded for all of them, and the others
 * take what is there when they come to it. A piece that could not be made so is made alone.
 */
export function piecesTogether(drafts: readonly DraftIn[], { maker, cache, cores }: Ports): PiecesTogether {
  const begun = new Set<string>();
  const coming = new Map<string, SharedPiece>();

  /** Pieces of the same frames that nobody has begun yet. */
  const othersOf = ({ segment: { start, end, key } }: PieceTask): readonly PieceTo[] =>
    drafts.flatMap(({ draft, folder }) => {
      const segment = draft.segments.find((each) => each.start === start && each.end === end);
      if (!segment || segment.key === key || begun.has(segment.key)) return [];
      return [{ task: pieceTask(segment, draft), output: `${folder}/${segment.key}.nut` }];
    });

  async function encodeAll(mine: PieceTo, others: readonly PieceTo[], options: WorkOptions) {
    const there = await piecesThere(
      others.map(({ task }) => task.segment),
      cache,
    );
    const pieces = [mine, ...others.filter((_, i) => !there[i])];
    const results = pieces.length > 1 ? await maker.encodeTogether(pieces, options) : undefined;
    return new Map(results?.map((result, i) => [pieces[i]?.task.segment.key, result]));
  }

  async function encode(task: PieceTask, output: string, options: WorkOptions): Promise<PieceResult> {
    const { key } = task.segment;
    const alone = () => maker.encodeSegment(task, output, options);
    const given = coming.get(key);
    coming.delete(key); // if it is asked for again, its piece was lost
    begun.add(key);
    given?.listeners.push(options.onProgress);
    const result = await given?.result;
    if (given) return result ?? alone();
    const others = othersOf(task);
    if (others.length === 0) return alone();
    const listeners = [options.onProgress];
    const onProgress = (frames: number) => listeners.forEach((tell) => void tell(frames));
    const all = encodeAll({ task, output }, others, { ...options, onProgress, nice: false });
    for (const other of others) {
      const own = other.task.segment.key;
      begun.add(own);
      coming.set(own, { listeners, result: all.then((results) => results.get(own)).catch(() => undefined) });
    }
    try {
      return (await all).get(key) ?? (await alone());
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code === 'interrupted') throw error;
      return alone();
    }
  }

  const atOnce = Math.min(...drafts.map(({ draft }) => atOnceOf(draft.spec, cores)));
  return { atOnce, encode };
}
