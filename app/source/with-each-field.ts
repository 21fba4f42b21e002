import { usualGap } from '../../core/film/frame-gaps.ts';
import { eachField } from '../../core/segments/each-field.ts';
import { type Rational, times, toNumber } from '../../core/units.ts';
import type { SourceFacts } from './read-source.ts';

/** The source as a film with two pictures of each frame: twice as many, at twice the rate, in ticks half as long. */
export function withEachField(source: SourceFacts): SourceFacts {
  const { main, tickSeconds, cut } = source;
  const { baseFrameRate, ...video } = main.video;
  const frameSeconds = usualGap(cut.times) * tickSeconds;
  return {
    ...source,
    ...eachField(source.index, cut),
    tickSeconds: tickSeconds / 2,
    main: { ...main, video: { ...video, baseFrameRate: baseFrameRate && ofFields(baseFrameRate, frameSeconds) } },
  };
}

/** A base rate of some films counts their fields already. */
const ofFields = (base: Rational, frameSeconds: number): Rational =>
  toNumber(base) * frameSeconds > 1.5 ? base : times(base, { num: 2, den: 1 });
