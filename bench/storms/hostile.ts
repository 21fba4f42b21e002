import { type HostileStorm, hostileStorm } from '../../test/support/storms/hostile.ts';
import type { Storm } from './storm.ts';

export const hostile: Storm = {
  name: 'hostile',
  about:
    '`traps`: files that lead to other files and addresses (playlists and scripts of 23 kinds to four kinds of target, ten protocols, QuickTime references and aliases, a playlist as subtitle of an AVI, linked Matroska, subtitles and settings beside an honest film). They go through the built command in one run, beside a server that nobody may call and files that nobody may open, under strace. `bombs`: small files that say they are huge. A fault is any end but "done" and a refusal of the file, a call, an opened file, a published file that holds the secret, or more than 3,000 MB of memory for all processes.',
  usual: 1,
  ways: ['traps', 'bombs'],
  async run({ way, folder, said }) {
    const which = way === 'bombs' ? 'bombs' : 'traps';
    const storm = await hostileStorm({ which, traced: true }, folder);
    for (const { name, fault } of storm.trials) said(fault && `${name}: ${fault}`);
    const found = faultsOf(storm);
    for (const fault of found) said(fault);
    const ends = new Map<string, string[]>();
    for (const { end, name } of storm.trials) ends.set(end, [...(ends.get(end) ?? []), name]);
    return {
      head: ['end', 'files', which === 'bombs' ? 'which' : 'for example'],
      rows: [...ends].map(([end, names]) => [
        end,
        names.length,
        (which === 'bombs' ? names : names.slice(0, 2)).join('; '),
      ]),
      faults: found.length + storm.trials.filter(({ fault }) => fault !== undefined).length,
      words: `${storm.asked} calls at the server, ${storm.opened?.length ?? 'unknown (no strace)'} forbidden files opened or connections made, ${storm.leaked.length} published files with the secret; ${storm.peakMegabytes} MB at most for all processes, ${storm.seconds.toFixed(0)} s in all.`,
    };
  },
};

const faultsOf = ({ asked, opened = [], leaked }: HostileStorm): readonly string[] => [
  ...(asked > 0 ? [`${asked} calls at the server`] : []),
  ...opened.map((line) => `the kernel saw ${line}`),
  ...leaked.map((path) => `the secret stands in ${path}`),
];
