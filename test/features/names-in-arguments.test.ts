import { isAbsolute } from 'node:path';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { animationInput, inputArguments, timedInputArguments } from '../../media/probe/input-arguments.ts';

/** What means something to ffmpeg, to a shell or to a file system, among letters of all kinds. */
const part = fc.oneof(
  fc.constantFrom(
    '-y',
    '-i',
    '--',
    '-',
    '%08d',
    'http://a/',
    'concat:',
    'file:',
    'pipe:0',
    '|',
    ';',
    '$(id)',
    '`id`',
    '\n',
    "'",
  ),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);
const anyName = fc
  .array(part, { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join('').replaceAll('\0', '').replaceAll('/', '\u2215'))
  .filter((name) => name !== '' && name !== '.' && name !== '..');

it.each([
  { what: 'a source', arguments: (name: string) => inputArguments(name) },
  { what: 'a source of a known family', arguments: (name: string) => inputArguments(name, { family: 'mp4' }) },
  { what: 'a source that is read in order', arguments: (name: string) => timedInputArguments(name, 'sequential') },
  { what: 'an animation', arguments: (name: string) => animationInput(name, 'gif') },
])('no name becomes an option, a protocol or a second input: $what', ({ arguments: made }) => {
  const usual = made('film.mp4');
  fc.assert(
    fc.property(anyName, (name) => {
      const given = made(name);
      expect(given.slice(0, -1)).toEqual(usual.slice(0, -1)); // the name shapes the last argument, and no other
      expect(given.at(-2)).toBe('-i');
      const last = given.at(-1) ?? '';
      expect(last.startsWith('file:')).toBe(true);
      expect(isAbsolute(last.slice('file:'.length))).toBe(true);
      expect(last.endsWith(`/${name}`)).toBe(true);
    }),
  );
});
