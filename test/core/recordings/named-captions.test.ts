import { expect, it } from '@jest/globals';
import { namedCaptionsIn } from '../../../core/recordings/named-captions.ts';
import { programMapIn } from '../../../core/recordings/program-maps.ts';

const [ENGLISH, SPANISH, GERMAN] = ['656e67 7e3fff', '737061 7f3fff', '676572 c17fff'];
const bytes = (...parts: readonly string[]) => Buffer.from(parts.join('').replaceAll(' ', ''), 'hex');

it.each([
  [bytes('05 04 43554549', '86 13 c3', ENGLISH, SPANISH, GERMAN), 'CC1 eng, CC3 spa, service 1 ger'],
  [bytes('86 07 c1 000000 c23fff'), 'service 2 '],
  [bytes('86 0d c2', ENGLISH, '7370'), 'CC1 eng'],
  [bytes('86 00'), ''],
  [bytes('86'), ''],
  [bytes('0a 04 656e6700'), ''],
])(
  'descriptors name the closed captions that they hold, and what is cut short is left out: %#',
  (descriptors, named) => {
    const found = namedCaptionsIn(descriptors);
    expect(found.map(({ channel, language = '' }) => `${channel} ${language}`).join(', ')).toBe(named);
  },
);

it('a map of a program has them by the PID of their picture', () => {
  const map = bytes('02b01b 0001 c10000 e100 f000 1be100f009 8607c1', ENGLISH, '00000000');
  expect(programMapIn(map)?.captions).toEqual(new Map([[0x100, [{ channel: 'CC1', language: 'eng' }]]]));
});
