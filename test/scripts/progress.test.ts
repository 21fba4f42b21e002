import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { startProgram } from '../support/started-program.ts';

/** Shows progress of work that takes until its standard input ends, as a terminal would be told or not. */
const PROGRAM = `
import { withProgress } from './scripts/progress.mjs';
const stream = { isTTY: process.argv[1] === 'terminal', write: (text) => process.stdout.write(JSON.stringify(text) + '\\n') };
let told = 0;
let done;
const work = new Promise((resolve) => { done = resolve; });
const counted = { ...stream, write: (text) => { stream.write(text); if (++told === 2) done('made'); return true; } };
console.log(await withProgress('installing', () => (stream.isTTY ? work : Promise.resolve('made')), { stream: counted, everyMs: 10 }));
`;

describe('the progress of set-up', () => {
  it('counts the seconds in one line of a terminal, and clears it', async () => {
    const program = startProgram(process.execPath, ['--input-type=module', '-e', PROGRAM, 'terminal']);
    await once(program.child, 'close');
    const { code, stdout, stderr } = await program.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'reelmill: installing ...\n' });
    expect(stdout).toContain(JSON.stringify('\r\x1b[Kreelmill: installing ... 0 s'));
    expect(stdout.trim().split('\n').slice(-2)).toEqual([JSON.stringify('\r\x1b[K'), 'made']);
  });

  it('is a line at the beginning elsewhere, and nothing more where it is quick', async () => {
    const { stdout, stderr } = await startProgram(process.execPath, ['--input-type=module', '-e', PROGRAM]).ended;
    expect([stdout, stderr]).toEqual(['made\n', 'reelmill: installing ...\n']);
  });
});
