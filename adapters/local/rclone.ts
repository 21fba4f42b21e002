import {
  type BucketPlace,
  deleteArgs,
  mountArgs,
  readBackArgs,
  type SendTask,
  sendAgainArgs,
  sendArgs,
} from '../../core/archive/rclone-args.ts';
import { rcloneLine } from '../../core/archive/rclone-log.ts';
import { ServiceError } from '../../core/errors.ts';
import type { BucketTransfer, SendOptions, TransferResult } from '../../core/ports/bucket-transfer.ts';

/** Runs a program by argv, and hands on its lines. Throws `missing-tool`, `interrupted`, and any error if it fails. */
type RunProgram = (
  command: string,
  args: readonly string[],
  options: {
    readonly signal: AbortSignal;
    readonly env: Readonly<Record<string, string>>;
    readonly stdin?: AsyncIterable<Uint8Array>;
    onStdoutLine(line: string): void;
    onStderrLine(line: string): void;
  },
) => Promise<unknown>;

type RcloneOptions = {
  readonly run: RunProgram;
  /** A file of certificates by which servers are known (AWS_CA_BUNDLE). */
  readonly certificates: string | undefined;
};

/** Everything of `BucketTransfer` but the listing, by rclone 1.60 or later. */
export function rclone({ run, certificates }: RcloneOptions): Omit<BucketTransfer, 'list'> {
  async function call(
    args: readonly string[],
    options: SendOptions,
    names?: readonly string[],
  ): Promise<TransferResult & { readonly stdout: readonly string[] }> {
    const errors = new Map<string, string>();
    const stdout: string[] = [];
    const sent = new Set<string>();
    let bytes = 0;
    let last = '';
    const onStderrLine = (text: string) => {
      const line = rcloneLine(text);
      if (line === undefined) last = text;
      if (line?.kind === 'progress') {
        ({ bytes } = line.progress);
        options.onProgress(line.progress);
      }
      if (line?.kind === 'sent') sent.add(line.path);
      if (line?.kind === 'error') {
        last = line.message;
        if (line.path !== undefined) errors.set(line.path, line.message);
      }
    };
    const ca = certificates === undefined ? [] : ['--ca-cert', certificates];
    try {
      await run('rclone', [...args.slice(0, 1), ...ca, ...args.slice(1)], {
        signal: options.signal,
        env: { AWS_CA_BUNDLE: '' }, // rclone's own client refuses that variable
        ...(names && { stdin: linesOf(names) }),
        onStdoutLine: (line) => stdout.push(line),
        onStderrLine,
      });
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      // Files that could not be sent are told one by one; what stops everything is one sentence.
      if (errors.size === 0) throw new ServiceError('no-input', `rclone: ${last}`, {}, { cause: error });
    }
    return { files: sent.size, bytes, stdout, errors: [...errors].map(([path, why]) => `${path}: ${why}`) };
  }

  const quiet = (signal: AbortSignal): SendOptions => ({ signal, onProgress: () => {} });
  return {
    send: (task: SendTask, options) => call(sendArgs(task), options),
    sendAgain: (task: SendTask, paths, options) => call(sendAgainArgs(task), options, paths),
    async readBack(place: BucketPlace, paths, signal) {
      if (paths.length === 0) return new Map();
      const { stdout } = await call(readBackArgs(place), quiet(signal), paths);
      const found = stdout.map((line) => /^([0-9a-f]{64}) {2}(.*)$/s.exec(line));
      return new Map(found.flatMap((each) => (each?.[1] && each[2] ? [[each[2], each[1]] as const] : [])));
    },
    async remove(place: BucketPlace, paths, signal) {
      if (paths.length === 0) return [];
      return (await call(deleteArgs(place), quiet(signal), paths)).errors;
    },
    async mount(task, signal) {
      await call(mountArgs(task), quiet(signal));
    },
  };
}

async function* linesOf(names: readonly string[]): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for (const name of names) yield encoder.encode(`${name}\n`);
}
