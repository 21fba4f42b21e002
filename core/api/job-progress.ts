import type * as z from 'zod/mini';
import type { JobEvent } from '../job/events.ts';
import type { jobSummary } from './job-schemas.ts';

type ProgressShown = NonNullable<z.infer<typeof jobSummary>['progress']>;
type OfRendition = ProgressShown['renditions'][number];

const BEGINNING: ProgressShown = { phase: 'hash', done: 0, total: 0, unit: 'bytes', renditions: [] };

/**
 * Returns how far a job is after an event; undefined once it has ended. Events of other kinds change nothing. The fields
 * are those of the last event, and the renditions those that were planned.
 */
export function progressAfter(before: ProgressShown | undefined, event: JobEvent): ProgressShown | undefined {
  switch (event.type) {
    case 'job.queued':
      return BEGINNING;
    case 'job.planned': {
      const renditions = event.renditions.map((name) => renditionOf(before, name));
      return { ...(before ?? BEGINNING), renditions };
    }
    case 'progress': {
      const { phase, rendition, done, total, unit, fps, speed, etaSeconds } = event;
      const known = Object.entries({ rendition, fps, speed, etaSeconds }).filter(([, value]) => value !== undefined);
      return { phase, done, total, unit, ...Object.fromEntries(known), renditions: before?.renditions ?? [] };
    }
    case 'segment.done': {
      const { segments } = renditionOf(before, event.rendition);
      const done = { done: segments.done + 1, total: event.of, reused: segments.reused + Number(event.reused) };
      return changed(before, event.rendition, { segments: done });
    }
    case 'rendition.done':
      return changed(before, event.name, { isDone: true, bytes: event.bytes });
    case 'job.done':
    case 'job.failed':
      return undefined;
    default:
      return before;
  }
}

function renditionOf(progress: ProgressShown | undefined, name: string): OfRendition {
  const known = progress?.renditions.find((each) => each.name === name);
  return known ?? { name, segments: { done: 0, total: 0, reused: 0 }, isDone: false };
}

function changed(before: ProgressShown | undefined, name: string, change: Partial<OfRendition>): ProgressShown {
  const { renditions, ...rest } = before ?? BEGINNING;
  const after = { ...renditionOf(before, name), ...change };
  const isThere = renditions.some((each) => each.name === name);
  return {
    ...rest,
    renditions: isThere ? renditions.map((each) => (each.name === name ? after : each)) : [...renditions, after],
  };
}
