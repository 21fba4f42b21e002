import { describe, expect, it } from '@jest/globals';
import { judgeStructure } from '../../media/structure/judge-structure.ts';
import type { Edit } from '../fixtures/edits.ts';
import { fileOf, makeClip } from '../fixtures/make.ts';
import {
  encryptedAtLast,
  IN_FRAGMENTS,
  mkvWithEncoding,
  ONE_SOUND,
  protectedTrack,
  renamed,
  scrambled,
  TWO_SOUNDS,
} from '../fixtures/odd-tracks.ts';

const judge = (path: string) => judgeStructure(path, new AbortController().signal);

const KEYS = [
  ...['-encryption_scheme', 'cenc-aes-ctr', '-encryption_key', '00112233445566778899aabbccddeeff'],
  ...['-encryption_kid', '112233445566778899aabbccddeeff00'],
];

describe('an encrypted source is refused by its structure', () => {
  it.each<{ what: string; args: readonly string[]; edit?: Edit; says: RegExp }>([
    { what: 'Common Encryption, as ffmpeg writes it', args: [...ONE_SOUND, ...KEYS], says: /encrypted: .*encv/ },
    { what: 'the same in fragments', args: [...ONE_SOUND, ...IN_FRAGMENTS, ...KEYS], says: /encrypted: .*encv/ },
    {
      what: 'a picture in the pattern scheme',
      args: ONE_SOUND,
      edit: protectedTrack(0, 'encv', 'cbcs', true),
      says: /encv \(cbcs\)/,
    },
    { what: 'a picture of a shop', args: ONE_SOUND, edit: renamed(0, 'drmi'), says: /encrypted: .*drmi/ },
    { what: 'sound of a shop', args: ONE_SOUND, edit: renamed(1, 'drms'), says: /encrypted: .*drms/ },
    {
      what: 'only the second sound',
      args: TWO_SOUNDS,
      edit: protectedTrack(2, 'enca', 'cenc', true),
      says: /encrypted: .*enca \(cenc\)/,
    },
    {
      what: 'a fragment behind a clear beginning, by its sample group',
      args: [...ONE_SOUND, ...IN_FRAGMENTS],
      edit: encryptedAtLast('seig'),
      says: /encrypted: .*seig/,
    },
    {
      what: 'a fragment behind a clear beginning, by what decrypts it',
      args: [...ONE_SOUND, ...IN_FRAGMENTS],
      edit: encryptedAtLast('senc'),
      says: /encrypted: .*senc/,
    },
  ])('$what', async ({ args, edit, says }) => {
    const path = await makeClip({ file: 'encrypted.mp4', args, ...(edit && { edit }) });
    await expect(judge(path)).rejects.toMatchObject({ code: 'bad-input', message: expect.stringMatching(says) });
  });

  it.each([0, 1])('a WebM whose track %d has ContentEncryption', async (track) => {
    const path = await fileOf('encrypted.webm', mkvWithEncoding(track, 'encrypted'));
    await expect(judge(path)).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(/encrypted: .*ContentEncryption/),
    });
  });
});

describe('what only looks encrypted is taken', () => {
  it('a protected sample entry whose samples are clear by default', async () => {
    const edit = protectedTrack(0, 'encv', 'cenc', false);
    expect(await judge(await makeClip({ file: 'clear.mp4', args: ONE_SOUND, edit }))).toMatchObject({ kind: 'sound' });
  });

  it('a compressed track of a Matroska', async () => {
    const path = await fileOf('compressed.webm', mkvWithEncoding(0, 'compressed'));
    expect(await judge(path)).toMatchObject({ kind: 'sound' });
  });
});

describe('of a transport stream', () => {
  it.each([
    { from: 0, when: 'always' },
    { from: 0.5, when: 'later' },
  ])('the PIDs are told that are scrambled, and that they are $when', async ({ from, when }) => {
    const path = await makeClip({ file: 'scrambled.ts', args: TWO_SOUNDS, edit: scrambled([0x100, 0x102], from) });
    const structure = await judge(path);
    expect(structure.scrambled).toEqual(
      new Map([
        [0x100, { when, share: expect.any(Number) }],
        [0x102, { when, share: expect.any(Number) }],
      ]),
    );
  });

  it('a mark that a recorder left on clear packets says nothing', async () => {
    const edit: Edit = (ts) => {
      const bytes = Buffer.from(ts);
      for (let at = 0; at < bytes.length; at += 188)
        if ((bytes.readUInt16BE(at + 1) & 0x1fff) === 0x100) bytes[at + 3] = (bytes[at + 3] ?? 0) | 0x80;
      return bytes;
    };
    expect((await judge(await makeClip({ file: 'marked.ts', args: TWO_SOUNDS, edit }))).scrambled).toBeUndefined();
  });

  it('none is where none is scrambled', async () => {
    expect((await judge(await makeClip({ file: 'clear.ts', args: TWO_SOUNDS }))).scrambled).toBeUndefined();
  });
});
