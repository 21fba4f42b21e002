import { noticeLines, noticeTitle, oneLine } from '../../core/notices/notice-text.ts';
import type { Notifier } from '../../core/ports/notifier.ts';
import { reasonOf } from '../shared/deliver.ts';

/** Tells whoever reads this stream (stderr: stdout is for programs). */
export function consoleNotifier(stream: { write(text: string): unknown }, report: (message: string) => void): Notifier {
  return {
    async notify(notice) {
      const [summary = '', ...details] = noticeLines(notice);
      try {
        stream.write([noticeTitle(notice), `  ${summary}`, ...details.map((line) => `  ${line}`), ''].join('\n'));
      } catch (error) {
        report(oneLine(`the notice on ${notice.source} was not written: ${reasonOf(error)}`));
      }
    },
  };
}
