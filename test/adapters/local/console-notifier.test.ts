import { consoleNotifier } from '../../../adapters/local/console-notifier.ts';
import { notifierContract } from '../../contracts/notifier.ts';

notifierContract('a stream', async () => {
  const texts: string[] = [];
  const reports: string[] = [];
  let isOpen = true;
  const write = (text: string) => {
    if (!isOpen) throw new Error('the stream was closed');
    return texts.push(text);
  };
  return {
    notifier: consoleNotifier({ write }, (message) => reports.push(message)),
    delivered: async () => texts,
    reports,
    cutOff: async () => {
      isOpen = false;
    },
    close: async () => {},
  };
});
