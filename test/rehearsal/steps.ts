import { writeFile } from 'node:fs/promises';

/** A program that has ended: a container, a function's call, a deploy. */
export type Ran = {
  readonly what: string;
  readonly exitCode: number | null;
  /** The last lines of what it said or logged. */
  readonly lastLines: readonly string[];
};

export type Steps = {
  /** Runs one step and says how it went. After a step that failed, nothing more is tried. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** What would be shown of a program if the step it ran in failed. */
  ran(program: Ran): void;
  readonly passed: number;
};

/** Of a step's programs, those that failed are told, and the last: the step may have gone on after a failure. */
const TOLD = 4;
const LINES = 12;

export function openSteps(say: (line: string) => void): Steps {
  let passed = 0;
  let programs: Ran[] = [];
  return {
    async step(name, work) {
      const began = performance.now();
      programs = [];
      try {
        const result = await work();
        passed++;
        say(`✓ ${name} (${Math.round(performance.now() - began)} ms)`);
        return result;
      } catch (error) {
        say(`✗ ${name}`);
        const told = programs.filter(({ exitCode }, at) => exitCode !== 0 || at === programs.length - 1);
        for (const { what, exitCode, lastLines } of told.slice(-TOLD)) {
          say(`  ${what} ended with ${exitCode ?? 'a signal'}; its last lines:`);
          for (const line of lastLines.slice(-LINES)) say(`    ${line}`);
        }
        throw error;
      }
    },
    ran: (program) => {
      programs.push(program);
    },
    get passed() {
      return passed;
    },
  };
}

/** The lines of a text that say something. */
export const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line.trim() !== '');

/** Throws with both values unless they are equal as JSON. */
export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  if (JSON.stringify(actual) === JSON.stringify(expected)) return;
  throw new Error(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
}

export function expectTrue(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(what);
}

/** Counts as jest tells them, for who adds up several runs (.ci/run). */
export const writeCounts = (path: string, passed: number, failed: number): Promise<void> =>
  writeFile(path, JSON.stringify({ numPassedTests: passed, numFailedTests: failed, numRuntimeErrorTestSuites: 0 }));
