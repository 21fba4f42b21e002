import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { Loudness } from '../../../cli/telling/event-sentence.ts';
import { tellerFor } from '../../../cli/telling/teller.ts';
import type { JobEvent } from '../../../core/job/events.ts';
import { jobId } from '../../../core/job/job.ts';

const job = jobId.parse('a'.repeat(32));
const queued: JobEvent = { type: 'job.queued', job, recipe: 'preserve', source: 'film.mov' };
const encoding: JobEvent = {
  ...{ type: 'progress', job, phase: 'encode', rendition: 'preserve', done: 5, total: 10, unit: 'frames' },
  ...{ fps: 25, speed: 1, etaSeconds: 1 },
};
const warning: JobEvent = { type: 'warning', job, message: 'stream 2 is dropped' };
const done = {
  ...{ source: 'film.mov', recipe: 'preserve', fate: 'done' as const, seconds: 3 },
  ...{ before: 2000, after: 1000, quality: 'VMAF 95.00' },
};
const end = { reports: '/out', work: { folder: '/out/.work', bytes: 5000 } };

/** A teller with a clock that only moves by hand; what people would see so far. */
function told({ columns, loudness = 'usual' }: { readonly columns?: number; readonly loudness?: Loudness } = {}) {
  let nowMs = 1_000_000;
  const stream = new PassThrough();
  const isTerminal = columns !== undefined;
  const clock = { now: () => nowMs, elapsed: () => nowMs, newId: () => '' };
  const teller = tellerFor({ stream, clock, isTerminal, isColoured: false, columns: () => columns }, loudness);
  const text = () => String(stream.read() ?? '').replaceAll('\u001b', 'ESC');
  return {
    teller,
    text,
    lines: () => text().split('\n').slice(0, -1),
    pass: (seconds: number) => (nowMs += 1000 * seconds),
  };
}

describe('where there is no terminal', () => {
  it('the recipe stands behind a name once several recipes make something of a film, but not where there was no job', () => {
    const { teller, lines } = told();
    teller.finished(done);
    teller.tellRecipes();
    teller.finished(done);
    teller.finished({ source: 'a.mov', recipe: '', fate: 'failed', reason: 'there is no such recipe' });
    expect(lines()).toEqual([
      expect.stringMatching(/^\[1\/1\] film\.mov {3}/),
      expect.stringMatching(/^\[2\/2\] film\.mov \(preserve\) {3}/),
      '[3/3] a.mov: failed: there is no such recipe',
    ]);
  });

  it('a line comes each minute while a film is at work, and one for each film', () => {
    const { teller, lines, pass } = told();
    teller.expect([{ source: 'film.mov', bytes: 2000 }], 1);
    teller.onEvent(queued);
    for (let second = 0; second < 125; second++) {
      pass(1);
      teller.onEvent(encoding);
      teller.tick();
    }
    expect(lines()).toEqual([
      expect.stringMatching(/^ ?\d+ % after 1:00: .*; film\.mov, encoding preserve {2}50 %/),
      expect.stringMatching(/^ ?\d+ % after 2:00: /),
    ]);
    teller.finished(done);
    expect(lines()).toEqual(['[1/1] film.mov   2.00 kB -> 1.00 kB     50.0 % saved  VMAF 95.00     3.0 s']);
  });

  it('no line comes between two films, nor is anything painted over', () => {
    const { teller, text, pass } = told();
    pass(600);
    teller.tick();
    expect(text()).toBe('');
    teller.onEvent(queued);
    teller.onEvent(encoding);
    pass(60);
    teller.tick();
    teller.end(end);
    expect(text()).not.toContain('ESC');
  });
});

describe('on a terminal', () => {
  it('two lines are painted over again, at most five times a second, and are gone at the end', () => {
    const { teller, text, pass } = told({ columns: 80 });
    teller.onEvent(queued);
    pass(1);
    teller.onEvent(encoding);
    expect(text()).toMatch(/^ {2}film\.mov {2}encoding preserve {2}50 % {2}25\.0 fps, 1\.00x\n {2}[█░]+ .*\n$/);
    pass(0.1);
    teller.onEvent(encoding);
    expect(text()).toBe('');
    pass(0.2);
    teller.onEvent(encoding);
    expect(text()).toMatch(/^ESC\[2AESC\[1GESC\[0J {2}film/);
    teller.finished(done);
    expect(text()).toMatch(/^ESC\[2AESC\[1GESC\[0J\[1\/1\] film\.mov .*\n {2}film\.mov .*\n.*\n$/);
    teller.end();
    expect(text()).toBe('ESC[2AESC[1GESC[0J');
  });

  it.each([80, 120])('no line is wider than %i columns', (columns) => {
    const { teller, lines, pass } = told({ columns });
    const source = `${'long/'.repeat(60)}film.mov`;
    teller.onEvent({ ...queued, source });
    pass(1);
    teller.onEvent(encoding);
    teller.onEvent({ type: 'warning', job, message: `${'many words '.repeat(40)}${'x'.repeat(200)}` });
    teller.finished({ ...done, source });
    teller.finished({ source, recipe: 'preserve', fate: 'failed', reason: 'because '.repeat(50) });
    for (const line of lines()) expect(line.replace(/ESC\[\d*\w/g, '').length).toBeLessThanOrEqual(columns);
  });
});

describe('how much is told', () => {
  const said = (loudness: Loudness) => {
    const { teller, text } = told({ loudness });
    teller.onEvent(queued);
    teller.onEvent(warning);
    teller.onEvent(warning);
    teller.onEvent({
      type: 'quality.tried',
      job,
      rendition: 'preserve',
      crf: 25,
      metric: 'vmaf',
      score: 94.123,
      over: 'samples',
    });
    teller.onEvent({ type: 'quality.chosen', job, rendition: 'preserve', crf: 24.25 });
    teller.finished(done);
    teller.finished({ source: 'same.mov', recipe: 'preserve', fate: 'unchanged' });
    teller.finished({ source: 'bad.mov', recipe: 'preserve', fate: 'failed', reason: 'no picture' });
    teller.end(end);
    return text();
  };

  it('is each warning once, each try of a CRF, what became of each film, and a summary', () => {
    const text = said('usual');
    expect(text.match(/stream 2 is dropped/g)).toHaveLength(1);
    expect(text).toContain('film.mov: CRF 25 gives VMAF 94.12 on samples\nfilm.mov: encoding with CRF 24.25\n');
    expect(text).toContain('bad.mov: failed: no picture');
    expect(text).not.toContain('same.mov');
    expect(text).toContain('  unchanged  1  made before');
    expect(text).toContain('  work folder, 5.00 kB: /out/.work');
  });

  it('is one sentence of a film that moved, and of a copy only the warning that its manifest has', () => {
    const { teller, text } = told({ columns: 120 });
    teller.onEvent({ type: 'job.taken', job, how: 'moved', from: 'old.mov', source: 'film.mov' });
    teller.onEvent({ type: 'job.taken', job, how: 'copied', from: 'old.mov', source: 'film.mov' });
    expect(text()).toBe('film.mov: the file was old.mov before: its results move along, nothing is encoded\n');
  });

  it('is failures alone with -q', () => {
    expect(said('quiet')).toBe('[3/3] bad.mov: failed: no picture\n');
  });

  it('is everything with -v', () => {
    expect(said('verbose')).toContain('[2/2] same.mov: unchanged');
    expect(said('verbose')).toContain('film.mov: preserve\n');
  });
});
