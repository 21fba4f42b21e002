import process from 'node:process';
import type { ServiceError } from '../../core/errors.ts';
import { formatBytes, formatSeconds } from '../../core/format.ts';
import { transferProgress, withMoment } from '../../core/upload/transfer-speed.ts';
import { printable } from '../terminal/printable.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { say } from '../terminal/say.ts';

type UploadTelling = { readonly json?: boolean; readonly quiet?: boolean; readonly stage: string };

/** What a program is told of at least so many milliseconds apart. */
const TOLD_MS = 1_000;

/** Tells how the upload of one file goes: to people on stderr, and with `json` to programs on stdout. */
export function uploadTeller(file: string, { json, quiet, stage }: UploadTelling) {
  const name = printable(file);
  const line = progressLine(process.stderr);
  const emit = (event: object) => json && process.stdout.write(`${JSON.stringify(event)}\n`);
  let moments: Parameters<typeof withMoment>[0] = [];
  let bytes = 0;
  let toldMs = Number.NEGATIVE_INFINITY;
  return {
    /** What hears of an upload of so many bytes. */
    hears: (size: number) => ({
      onBegun(begun: { readonly key: string; readonly parts: number; readonly there: number }) {
        bytes = size;
        emit({ type: 'upload.begun', file, bytes, ...begun });
        if (begun.there > 0 && !quiet) say(`${name}: ${begun.there} of ${begun.parts} parts are there already`);
      },
      onBytes(there: number, sent: number) {
        const nowMs = performance.now();
        moments = withMoment(moments, { atMs: nowMs, bytes: sent });
        const { bytesPerSecond } = transferProgress(bytes, moments, nowMs);
        const secondsLeft = bytesPerSecond === undefined ? undefined : (bytes - there) / bytesPerSecond;
        const share = `${Math.floor((100 * there) / bytes)} % of ${formatBytes(bytes)}`;
        const rest =
          bytesPerSecond === undefined || secondsLeft === undefined
            ? ''
            : `, ${formatBytes(bytesPerSecond)}/s, ${formatSeconds(secondsLeft)} left`;
        if (!quiet) line.show(`${name}: ${share}${rest}`);
        if (nowMs - toldMs < TOLD_MS && there < bytes) return;
        toldMs = nowMs;
        emit({ type: 'upload.progress', file, done: there, total: bytes, bytesPerSecond, etaSeconds: secondsLeft });
      },
    }),
    done({
      status,
      key,
      parts,
      sent,
    }: {
      readonly status: 'done' | 'unchanged';
      readonly key: string;
      readonly parts: number;
      readonly sent: number;
    }) {
      line.clear();
      emit({ type: 'upload.done', file, status, key, parts, sent });
      if (quiet) return;
      const what = status === 'done' ? `is ${key}` : `was uploaded before, and is ${key}`;
      say(`${name} ${printable(what)}; reelmill jobs --stage ${stage} lists its job`);
    },
    failed({ code, message: reason }: ServiceError) {
      line.clear();
      emit({ type: 'job.failed', code, reason: `${file}: ${reason}` });
      say(`${name}: ${printable(reason)}`);
    },
  };
}
