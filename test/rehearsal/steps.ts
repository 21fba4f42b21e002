import { writeFile } from 'node:fs/promises';

export type Steps = {
  /** Runs one step and says how it went. After a step that failed, nothing more is tried. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  readonly passed: number;
};

export function openSteps(say: (line: string) => void): Steps {
  let passed = 0;
  return {
    async step(name, work) {
      const began = performance.now();
      try {
        const result = await work();
        passed++;
        say(`✓ ${name} (${Math.round(performance.now() - began)} ms)`);
        return result;
      } catch (error) {
        say(`✗ ${name}`);
        throw error;
      }
    },
    get passed() {
      return passed;
    },
  };
}

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
