/** This machine could not be made ready. The message is one sentence that says what to do. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {{ exitCode?: number, output?: string }} [more] the exit code by sysexits (69: unavailable), and what the
   * program that failed said
   */
  constructor(message, { exitCode = 69, output = '' } = {}) {
    super(message);
    this.exitCode = exitCode;
    this.output = output;
  }
}

/**
 * Says what set-up does. On stderr: stdout belongs to the command that was asked for.
 * @param {string} text
 */
export function say(text) {
  process.stderr.write(`reelmill: ${text}\n`);
}

/**
 * The exit code of a script: what `main` gives, or the one that goes with what it threw.
 * @param {() => Promise<number | void>} main
 */
export async function exitWith(main) {
  await becomes(async () => {
    process.exitCode = (await main()) ?? 0;
  });
}

/**
 * The same for a script that goes on as another program, which sets the exit code itself.
 * @param {() => Promise<void>} main
 */
export async function becomes(main) {
  try {
    await main();
  } catch (error) {
    if (error instanceof SetupError) {
      process.stderr.write(error.output);
      say(error.message);
    } else console.error(error);
    process.exitCode = error instanceof SetupError ? error.exitCode : 70;
  }
}
