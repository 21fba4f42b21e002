import type { Deinterlacing } from '../../core/filters/deinterlacing.ts';
import type { SourceFacts } from './read-source.ts';
import { withEachField } from './with-each-field.ts';

/** The source with as many pictures of each frame as are made of it. */
export function withPictures(source: SourceFacts, done: Deinterlacing | undefined): SourceFacts {
  if (done?.pictures === 2) return withEachField(source);
  return done && 'telecine' in done ? { ...source, cut: { ...source.cut, isCounted: true } } : source;
}
