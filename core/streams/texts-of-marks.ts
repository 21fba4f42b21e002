import type { Stream } from '../film/probe.ts';
import type { Delivery } from '../settings/delivery.ts';
import { shownName } from './set-aside.ts';
import { dropped, type StreamDecision } from './stream-plan.ts';

const MARKS = /\b(?:chapters?|markers?)\b/i;

/**
 * Returns the name of a track of texts that says that they are marks of chapters or of an editor; undefined for subtitles. Nothing else tells
 * one from the other where no track refers to it as its chapters (`chap`): a track of subtitles may be disabled too.
 */
export const nameOfMarks = ({ codec, tags: { handler_name = '', title = '' } }: Stream): string | undefined =>
  codec === 'mov_text' ? [title, handler_name].find((name) => MARKS.test(name)) : undefined;

/** Returns the decision for a stream, told where its texts are marks. Players of a stream are offered subtitles alone. */
export function withMarksTold(stream: Stream, delivery: Delivery, decision: StreamDecision): StreamDecision {
  const name = nameOfMarks(stream);
  if (name === undefined) return decision;
  const told = `its name "${shownName(name)}" says that it holds marks and no subtitles`;
  if (delivery === 'stream') return dropped(`${told}; they stay in the source`);
  return { ...decision, why: `${decision.why}; ${told}` };
}
