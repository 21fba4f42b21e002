import { describe, expect, it } from '@jest/globals';
import { readInput } from '../../../core/api/read-input.ts';
import { ROUTES } from '../../../core/api/routes.ts';

const upload = { recipe: 'preserve', path: 'a.mov', bytes: 5 };

/** What a person reads who has sent something wrong: the field, its value, and what would be right. */
describe('a field that is wrong', () => {
  it.each([
    { of: 'beginUpload', body: { ...upload, bytes: '5' }, says: 'body.bytes is "5", and has to be a number' },
    { of: 'beginUpload', body: { ...upload, bytes: 1.5 }, says: 'body.bytes is 1.5, and has to be a whole number' },
    { of: 'beginUpload', body: { ...upload, path: 7 }, says: 'body.path is 7, and has to be a text' },
    { of: 'beginUpload', body: [], says: 'body is [], and has to be an object' },
    { of: 'signParts', body: { parts: {} }, says: 'body.parts is {}, and has to be a list' },
    {
      of: 'signParts',
      body: { parts: [] },
      says: 'body.parts is [], and has to be a list of at least 1 entry',
    },
    {
      of: 'signParts',
      body: { parts: [{ number: 1, checksum: 'x' }] },
      says: 'body.parts[0].checksum is "x", and has to be the SHA-256 of the part, in Base64',
    },
    {
      of: 'askForCode',
      body: { email: 'ada' },
      says: 'body.email is "ada", and has to be an e-mail address, as ada@example.org',
    },
  ] as const)('of $of is told as: $says', ({ of, body, says }) => {
    expect(() => readInput(ROUTES[of].body, body, 'body')).toThrow(says);
  });
});
