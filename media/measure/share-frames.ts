import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import type { MeasuredTogether } from '../../core/ports/measurer.ts';
import type { CompareTask, Pass } from '../../core/quality/compare-args.ts';
import { type ComparedPasses, framesForOthers, keptFrames, sharedFrames } from '../../core/quality/shared-frames.ts';
import type { ShareFrames } from './measure-quality.ts';

/** So many bytes are kept at once: within what each container's disk has more than its plan counts on. */
const MOST_BYTES = 1 << 30;

const FROM_START = { seekSeconds: undefined, skip: 0, frame: 0 };

/** What is kept of one source: by the name of the frames, the file that holds them, or undefined where there is none after all. */
type Kept = { bytes: number; readonly files: Map<string, Promise<string | undefined>> };

/** What is kept for renditions that are made together, for as long as these are made. */
const KEPT = new WeakMap<MeasuredTogether, Kept>();

/**
 * Returns how the passes of a rendition share the decode of its source with those of the others. The first that comes to a pass decodes
 * for all; what it keeps is used once and removed.
 */
export function shareFrames(
  together: MeasuredTogether,
  own: ComparedPasses,
  others: readonly ComparedPasses[],
): ShareFrames {
  const kept = keptOf(together);
  return async ({ pass, number, isOnce }, run) => {
    const mine = sharedFrames(own.compared, pass);
    const there = kept.files.get(mine.name);
    kept.files.set(mine.name, NOTHING); // used once, and not to be kept for this one any more
    const path = await there;
    if (path !== undefined) {
      try {
        return await run(...byKept(path, own.compared, pass));
      } finally {
        await remove(kept, { path, bytes: mine.bytes });
      }
    }
    const wanted = framesForOthers(own, others, number).filter(({ name }) => !kept.files.has(name));
    const saved = wanted.flatMap(({ name, chain, bytes }) => {
      if (kept.bytes + bytes > MOST_BYTES) return [];
      kept.bytes += bytes;
      return [{ name, chain, bytes, path: join(together.folder, `compared-${randomUUID()}.raw`) }];
    });
    if (saved.length === 0) return run(own.compared, pass);
    const running = run(own.compared, { ...pass, saved });
    for (const each of saved) {
      const file = running.then(
        ({ complaints }) => (complaints.length === 0 ? each.path : undefined),
        () => undefined,
      );
      kept.files.set(
        each.name,
        file.then(async (found) => {
          if (found === undefined) await remove(kept, each);
          return found;
        }),
      );
    }
    try {
      return await running;
    } catch (error) {
      if (isOnce || !(error instanceof ServiceError) || error.code !== 'not-exact') throw error;
      return run(own.compared, pass);
    }
  };
}

const NOTHING = Promise.resolve(undefined);

function keptOf(together: MeasuredTogether): Kept {
  const kept = KEPT.get(together) ?? { bytes: 0, files: new Map() };
  KEPT.set(together, kept);
  return kept;
}

const byKept = (path: string, task: CompareTask, pass: Pass): [CompareTask, Pass] => [
  { ...task, reference: keptFrames(path, task) },
  { ...pass, reference: FROM_START },
];

async function remove(kept: Kept, { path, bytes }: { readonly path: string; readonly bytes: number }): Promise<void> {
  kept.bytes -= bytes;
  await rm(path, { force: true });
}
