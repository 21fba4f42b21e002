import process from 'node:process';
import { usage } from '../../core/errors.ts';
import { localConfig } from '../../runtime/config.ts';
import { fetchOnnxruntime, findOnnxruntime, ONNXRUNTIME, onnxruntimePart } from '../../runtime/local-onnxruntime.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printable } from '../terminal/printable.ts';
import { say } from '../terminal/say.ts';

/** Fetches a part that the command would fetch at first need, so that it can then be used without a network. */
export async function fetchNow(name: string): Promise<number> {
  if (name !== ONNXRUNTIME) throw usage(`there is no part "${printable(name)}" to fetch; there is ${ONNXRUNTIME}`);
  const config = localConfig();
  const part = onnxruntimePart(config);
  const found = findOnnxruntime(config);
  if (part && !found?.isHere) {
    const report = (message: string) => say(printable(message));
    process.stdout.write(`${await fetchOnnxruntime(part, { signal: interruptSignal(), report })}\n`);
    return 0;
  }
  if (!found) throw usage(`${ONNXRUNTIME} is no part of this build; in a checkout, npm ci installs it`);
  say(`${ONNXRUNTIME} ${found.version} is here already`);
  return 0;
}
