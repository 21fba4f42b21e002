import { basename } from 'node:path';
import { uploadFile } from '../../app/api/upload-file.ts';
import { asServiceError } from '../../core/errors.ts';
import { stageStack } from '../../runtime/aws/stage-stack.ts';
import { openStageUploads } from '../../runtime/aws/stage-uploads.ts';
import { settingsArgument } from '../arguments/settings-argument.ts';
import type { StageOptions } from '../stage/stage-options.ts';
import { uploadTeller } from '../telling/upload-teller.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { say } from '../terminal/say.ts';

type UploadOptions = StageOptions & {
  readonly to: string;
  readonly stage: string;
  readonly set: readonly string[];
  readonly json?: boolean;
  readonly quiet?: boolean;
};

/** Sends files to a stage, one after the other, as drops for a recipe. All are tried; the exit code is that of the first failure. */
export async function uploadFiles(files: readonly string[], options: UploadOptions): Promise<number> {
  const settings = settingsArgument(options.set);
  const signal = interruptSignal();
  const ports = openStageUploads(await stageStack(options.stage, options), signal);
  let exitCode = 0;
  try {
    for (const name of files) {
      if (signal.aborted) break;
      const teller = uploadTeller(name, options);
      try {
        const file = await ports.open(name);
        const asked = { file, recipe: options.to, path: basename(name), settings };
        const sending = { signal, wait: waitFor, chance: Math.random, ...teller.hears(file.bytes) };
        teller.done(await uploadFile(asked, ports, sending).finally(() => file.close()));
      } catch (error) {
        const failure = asServiceError(error);
        teller.failed(failure);
        if (failure.code === 'bug' && error instanceof Error) say(`${error.stack}`);
        exitCode ||= failure.exitCode;
      }
    }
    return exitCode;
  } finally {
    ports.close();
  }
}

/** Waits so long, or until the signal aborts. */
function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => resolve(clearTimeout(timer)), { once: true });
  });
}
