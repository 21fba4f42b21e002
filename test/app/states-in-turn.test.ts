import { describe, expect, it } from '@jest/globals';
import { statesInTurn } from '../../app/states-in-turn.ts';
import type { JobState } from '../../core/job/job.ts';

const running = (done: number): JobState => ({ status: 'running', segments: { done, total: 2 } });
const joining: JobState = { status: 'joining' };
const verifying: JobState = { status: 'verifying' };

function three() {
  const table: JobState[] = [];
  const [a, b, c] = statesInTurn(3, async (state) => {
    await new Promise((resolve) => setTimeout(resolve, table.length === 0 ? 5 : 0)); // the first takes longest
    table.push(state);
  });
  if (!a || !b || !c) throw new Error('three were asked for');
  return { a, b, c, table };
}

describe('the states of pieces of work that overlap', () => {
  it('are recorded as if one was done after the other', async () => {
    const { a, b, table } = three();
    await a.record(running(1));
    await b.record(running(1));
    await a.record(joining);
    await b.record(running(2));
    await a.record(verifying);
    await a.end();
    await b.record(joining);
    await b.end();
    expect(table).toEqual([running(1), joining, verifying, running(2), joining]);
  });

  it('leave out what was done before its turn came', async () => {
    const { a, b, c, table } = three();
    await a.record(running(1));
    await b.record(joining);
    await b.end();
    await c.record(running(1));
    await a.end();
    await c.end();
    expect(table).toEqual([running(1), running(1)]);
  });

  it('are written in the order in which they came, however long each takes', async () => {
    const { a, b, table } = three();
    await Promise.all([a.record(running(1)), a.record(joining), b.record(running(2)), a.end(), b.record(joining)]);
    expect(table).toEqual([running(1), joining, running(2), joining]);
  });

  it('say whose turn it is', async () => {
    const { a, b, c } = three();
    expect([a, b, c].map((turn) => turn.isBehind())).toEqual([false, true, true]);
    await b.end();
    expect([a, c].map((turn) => turn.isBehind())).toEqual([false, true]);
    await a.end();
    expect(c.isBehind()).toBe(false);
  });

  it('tell whoever recorded one that it could not be written, and go on', async () => {
    const [only] = statesInTurn(1, async ({ status }) => {
      if (status === 'joining') throw new Error('no table');
    });
    await expect(only?.record(joining)).rejects.toThrow('no table');
    await only?.record(verifying);
  });
});
