import type { JobEvent, Phase } from '../core/job/events.ts';
import type { JobId } from '../core/job/job.ts';
import type { Clock } from '../core/ports/clock.ts';

export type ProgressMeter = {
  /** Counts frames that are done already; they count for the progress and not for the speed. */
  skip(frames: number): void;
  /** Reports the frames of one running piece of work, counted from its start. */
  running(work: string, frames: number): void;
  /** Reports the frames of a piece of work that has ended. */
  ended(work: string, frames: number): void;
};

const EVERY_MS = 250;

/** Adds up the frames of all work in progress, and reports speed and remaining time a few times a second. */
export function progressMeter(
  job: JobId,
  plan: { phase: Phase; rendition: string; total: number; framesPerSecond: number },
  clock: Clock,
  emit: (event: JobEvent) => void,
): ProgressMeter {
  const started = clock.elapsed();
  const running = new Map<string, number>();
  let skipped = 0;
  let ended = 0;
  let told = Number.NEGATIVE_INFINITY;
  const tell = (always: boolean) => {
    const now = clock.elapsed();
    if (!always && now - told < EVERY_MS) return;
    told = now;
    const made = ended + [...running.values()].reduce((sum, frames) => sum + frames, 0);
    const fps = made / Math.max(0.001, (now - started) / 1000);
    const left = plan.total - skipped - made;
    emit({
      type: 'progress',
      job,
      phase: plan.phase,
      rendition: plan.rendition,
      done: Math.min(plan.total, skipped + made),
      total: plan.total,
      unit: 'frames',
      fps: made > 0 ? fps : undefined,
      speed: made > 0 ? fps / plan.framesPerSecond : undefined,
      etaSeconds: made > 0 ? Math.max(0, left / fps) : undefined,
    });
  };
  return {
    skip(frames) {
      skipped += frames;
      tell(true);
    },
    running(work, frames) {
      running.set(work, frames);
      tell(false);
    },
    ended(work, frames) {
      running.delete(work);
      ended += frames;
      tell(true);
    },
  };
}
