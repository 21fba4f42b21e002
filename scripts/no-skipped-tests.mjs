/** A jest reporter: a test that did not run fails the run, unless only some were asked for by name. */
// biome-ignore lint/style/noDefaultExport: jest takes a reporter by its default export
export default class NoSkippedTests {
  /** @param {{ testNamePattern?: string }} config */
  constructor({ testNamePattern }) {
    this.someOnly = Boolean(testNamePattern);
    /** @type {Error | undefined} */
    this.error = undefined;
  }

  /**
   * @param {unknown} _contexts
   * @param {{ numPendingTests: number, numTodoTests: number, numPendingTestSuites: number }} results
   */
  onRunComplete(_contexts, { numPendingTests, numTodoTests, numPendingTestSuites }) {
    if (this.someOnly || numPendingTests + numTodoTests + numPendingTestSuites === 0) return;
    this.error = new Error(`${numPendingTests} tests skipped, ${numTodoTests} to do: each must run`);
    console.error(this.error.message);
  }

  getLastError() {
    return this.error;
  }
}
