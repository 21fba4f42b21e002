import { type Caller, mayTouch } from '../../core/api/caller.ts';
import type { AnswerOf } from '../../core/api/routes.ts';
import { type FailureRecord, failureRecordFrom } from '../../core/job/failure-record.ts';
import type { JobStatus } from '../../core/job/job.ts';
import type { ApiPorts } from './api-ports.ts';

type RefusedDrop = NonNullable<AnswerOf<'jobs'>['refused']>[number];

type RefusedQuestion = {
  readonly states: readonly JobStatus[] | undefined;
  readonly recipe: string | undefined;
  readonly text: string | undefined;
};

const FAILURES = 'failed/';
/** As many records are read for one answer, and as many of them are told. */
const [MOST_READ, MOST_TOLD] = [2000, 100];

/** Returns the caller's drops of which no job could be made, the newest first; undefined where nothing records them, or only other jobs are asked for. */
export async function refusedDrops(
  { states, recipe, text }: RefusedQuestion,
  caller: Caller,
  { refusals }: Pick<ApiPorts, 'refusals'>,
): Promise<RefusedDrop[] | undefined> {
  if (!refusals || (states && !states.includes('failed'))) return undefined;
  const found: RefusedDrop[] = [];
  let read = 0;
  for await (const { key } of refusals.list(recipe === undefined ? FAILURES : `${FAILURES}${recipe}/`)) {
    if (!key.endsWith('.json')) continue;
    if (read++ === MOST_READ) break;
    const bytes = await refusals.read(key);
    const record = bytes && failureRecordFrom(bytes);
    if (!record || record.job !== undefined || !mayTouch(caller, record.source)) continue;
    const drop = refusedDropOf(record);
    if (text === undefined || drop.name.toLowerCase().includes(text.toLowerCase())) found.push(drop);
  }
  return found.sort((one, other) => other.atMs - one.atMs).slice(0, MOST_TOLD);
}

function refusedDropOf({ recipe, source, code, reason, advice, at }: FailureRecord): RefusedDrop {
  const [, folder = '', ...path] = source.split('/');
  return {
    ...{ recipe: recipe ?? folder, name: path.join('/'), code, reason, atMs: Date.parse(at) },
    ...(advice !== undefined && { advice }),
  };
}
