import { logWords } from '../../core/log-words.ts';

type ProcessEnd = {
  readonly command: string;
  readonly args: readonly string[];
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stderrTail: readonly string[];
};

/** A process that did not exit with 0. The caller decides what this means. */
export class ProcessError extends Error implements ProcessEnd {
  override readonly name = 'ProcessError';
  readonly command: string;
  readonly args: readonly string[];
  readonly exitCode: number | undefined;
  /**
   * The signal that ended the process. SIGKILL comes from the kernel when memory runs out, because an abort throws
   * `interrupted` instead.
   */
  readonly signal: string | undefined;
  /** The last 50 lines of stderr, without text that `\r` overwrote. */
  readonly stderrTail: readonly string[];

  constructor(ending: ProcessEnd, options?: { cause?: unknown }) {
    const how = ending.signal ? `was ended by ${ending.signal}` : `exited with ${ending.exitCode ?? 'no code'}`;
    const last = logWords(ending.stderrTail.at(-1) ?? '');
    super(`${ending.command} ${how}${last ? `: ${last}` : ''}`, options);
    this.command = ending.command;
    this.args = ending.args;
    this.exitCode = ending.exitCode;
    this.signal = ending.signal;
    this.stderrTail = ending.stderrTail;
  }
}
