import { ONE_MOMENT_EACH } from '../../core/fields/film-fields.ts';
import { presentationTimes } from '../../core/film/frame-index.ts';
import type { RenditionRecord } from '../../core/job/manifest.ts';
import type { LocalFile, ObjectStore } from '../../core/ports/object-store.ts';
import type { SourceFacts } from './read-source.ts';

/** What renditions are made from: the source and existing renditions. Each is read once, when it is first needed. */
export type Parents = {
  /** Returns a parent's facts. Throws a plain Error for an unknown name. */
  facts(name: string): Promise<SourceFacts>;
  /** Returns a parent's facts if it was read. */
  known(name: string): SourceFacts | undefined;
  /** Returns a parent's SHA-256; undefined before it is made. */
  sha256(name: string): string | undefined;
  add(name: string, sha256: string, read: () => Promise<SourceFacts>): void;
  release(): Promise<void>;
  /** Returns the path of a fetched object of the outputs. It is fetched once and released at the end. */
  fetch(key: string): Promise<string>;
};

/** Returns a job's parents, of which none is known yet. Whoever opens them has to release them. */
export function openParents(outputs: Pick<ObjectStore, 'fetch'>, signal: AbortSignal): Parents {
  const readers = new Map<string, { readonly sha256: string; read(): Promise<SourceFacts> }>();
  const readings = new Map<string, Promise<SourceFacts>>();
  const known = new Map<string, SourceFacts>();
  const files = new Map<string, Promise<LocalFile>>();
  return {
    async facts(name) {
      const reader = readers.get(name);
      if (!reader) throw new Error(`${name} was to be there before its children`);
      const reading = readings.get(name) ?? reader.read();
      readings.set(name, reading);
      const facts = await reading;
      known.set(name, facts);
      return facts;
    },
    known: (name) => known.get(name),
    sha256: (name) => readers.get(name)?.sha256,
    add(name, sha256, read) {
      readings.delete(name);
      known.delete(name);
      readers.set(name, { sha256, read });
    },
    async fetch(key) {
      const file = files.get(key) ?? outputs.fetch(key, signal);
      files.set(key, file);
      return (await file).path;
    },
    async release() {
      const there = await Promise.allSettled(files.values());
      files.clear();
      for (const file of there) if (file.status === 'fulfilled') await file.value.release();
    },
  };
}

/** Returns the facts of a published rendition, cut where its own segments begin. A replaced one is cut by its packets. */
export function cutAsMade(facts: SourceFacts, { segments, edited, frames }: RenditionRecord): SourceFacts {
  const { starts } = segments;
  if (edited || !starts || starts.length === 0 || facts.index.from !== 'packets') return facts;
  const times = presentationTimes(facts.index);
  if (times.length !== frames) return facts;
  const ranges = starts.map((start, i) => ({ start, end: starts[i + 1] ?? times.length }));
  return { ...facts, cut: { times, ranges, access: 'seek' }, fields: ONE_MOMENT_EACH };
}
