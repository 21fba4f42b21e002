import { caseStorm } from '../../test/support/storms/cases.ts';
import type { Storm } from './storm.ts';

const WAYS: Readonly<Record<string, { readonly settings: readonly string[]; readonly recipes: readonly string[] }>> = {
  av1: { settings: ['codec=av1'], recipes: ['preserve', 'ladder'] },
  webm: { settings: ['codec=av1', 'container=webm'], recipes: ['preserve'] },
};

/** Films of kinds that made trouble, in AV1 as in HEVC. */
export const cases: Storm = {
  name: 'cases',
  about:
    'Films of kinds that made trouble (time scales, uneven and extreme rates, one frame, odd and tiny sides, fields, HDR, full range, alpha, sound that begins or ends apart, rare layouts of channels) go through the built command in HEVC, and then in AV1 (`av1`: `preserve` and `ladder`) or in WebM (`webm`). A fault is a film that ends in exit 70, or that is done in one of the two and refused in the other, unless the settings themselves are refused for it (64).',
  usual: 1,
  ways: Object.keys(WAYS),
  async run({ way, folder, said }) {
    const { settings, recipes } = WAYS[way] ?? { settings: ['codec=av1'], recipes: ['preserve'] };
    const trials = await caseStorm({ settings, recipes }, folder);
    for (const { name, recipe, fault } of trials) said(fault && `${recipe}, ${name}: ${fault}`);
    const ends = new Map<string, string[]>();
    for (const { name, recipe, tried } of trials) {
      const end = tried.startsWith('done') ? `${recipe}: done` : `${recipe}: ${tried}`;
      ends.set(end, [...(ends.get(end) ?? []), name]);
    }
    return {
      head: ['end', 'films', 'which'],
      rows: [...ends].map(([end, names]) => [end, names.length, names.join(', ')]),
      faults: trials.filter(({ fault }) => fault !== undefined).length,
    };
  },
};
