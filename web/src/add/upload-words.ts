import { formatBytes, formatSeconds } from '../../../core/format.ts';
import { transferProgress } from '../../../core/upload/transfer-speed.ts';
import { furtherAdvice } from '../ui/sentence.ts';
import type { UploadItem } from '../upload/upload-item.ts';

/** Where an upload stands, in words; `isOnline` as the browser has it. */
export function uploadWords(item: UploadItem, nowMs: number, isOnline: boolean): string {
  const { state, bytes, sentBytes, moments } = item;
  const there = `${formatBytes(sentBytes)} of ${formatBytes(bytes)}`;
  switch (state.status) {
    case 'queued':
      return `${formatBytes(bytes)}, waits for the others`;
    case 'sending': {
      if (!isOnline) return `${there}; there is no network, and it goes on when it is back`;
      if (state.trouble !== undefined) return `${there}; ${state.trouble}, and it is tried again`;
      if (sentBytes >= bytes) return `${there}; the file is put together`;
      const { bytesPerSecond, secondsLeft } = transferProgress(bytes, moments, nowMs);
      if (bytesPerSecond === undefined || secondsLeft === undefined) return there;
      return `${there}, ${formatBytes(Math.round(bytesPerSecond))}/s, ${formatSeconds(Math.max(1, secondsLeft))} left`;
    }
    case 'paused':
      return `${there}, paused`;
    case 'needs-file':
      return state.why === 'permission'
        ? `${there} are there; the browser asks you whether it may open the file again`
        : `${there} are there; drop the same file again, and it goes on`;
    case 'elsewhere':
      return `${there}; another tab of this browser sends it`;
    case 'done':
      return `${formatBytes(bytes)}, arrived`;
    case 'failed':
      return `${state.reason}. ${furtherAdvice(state.reason, state.advice)}`.trimEnd();
    default:
      return state satisfies never;
  }
}
