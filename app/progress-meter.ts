import type { JobEvent, Phase } from '../core/job/events.ts';
import type { JobId } from '../core/job/job.ts';
import type { Clock } from '../core/ports/clock.ts';

export type ProgressMeter = {
  /** Work that was there already: it counts as done, not as speed. */
  skip(frames: number): void;
  /** Frames of one running piece of work, as a count from its start. */
  running(work: string, frames: number): void;
  /** A piece of work has ended with so many frames. */
  ended(work: string, frames: number): void;
};

const EVERY_MS = 250;

/** Adds up the frames of all work going on at once and tells speed and time left, a few times a second. */
export function progressMeter(
  job: JobId,
  plan: { phase: Phase; rendition: string; total: number; framesPerSecond: number },
  clock: Clock,
  emit: (event: JobEvent) => void,
): ProgressMeter {
  const started = clock.now();
  const running = new Map<string, number>();
  let skipped = 0;
  let ended = 0;
  let told = 0;
  const tell = (always: boolean) => {
    const now = clock.now();
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
