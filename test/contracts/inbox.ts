import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Inbox } from '../../core/ports/inbox.ts';
import type { RawSettings } from '../../core/settings/settings.ts';

export type OpenInbox = () => Promise<{
  inbox: Inbox;
  /** Drops a file as a user would, with what the user asks for. */
  drop(key: string, bytes: Uint8Array, settings?: RawSettings): Promise<void>;
  close(): Promise<void>;
}>;

const clip = await readFile('demo/clips/VID_20191220_170832.mp4');
const [ftyp, rest] = [clip.subarray(0, clip.readUInt32BE(0)), clip.subarray(clip.readUInt32BE(0))];
const free = (bytes: number) => Buffer.concat([Buffer.from([0, 0, 0, 0]), Buffer.from('free'), Buffer.alloc(bytes)]);
const padded = free(200_000);
padded.writeUInt32BE(padded.length, 0);

/** Packets of a transport stream that have nothing in them but their sync byte. */
const framed = (stride: number, prefix: number): Buffer => {
  const bytes = Buffer.alloc(16 * stride);
  for (let at = prefix; at < bytes.length; at += stride) bytes[at] = 0x47;
  return bytes;
};

/** What every inbox tells of what was dropped. */
export function inboxContract(name: string, open: OpenInbox): void {
  describe(`${name} as an inbox`, () => {
    let opened: Awaited<ReturnType<OpenInbox>>;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    it('knows nothing of what is not there', async () => {
      expect(await opened.inbox.inspect('input/preserve/nothing.mov')).toBeUndefined();
      expect(await opened.inbox.measure('input/preserve/nothing.mov')).toBeUndefined();
    });

    it.each([
      { what: "a phone's clip", key: 'input/preserve/phone.mp4', bytes: clip },
      {
        what: 'one whose header lies far behind',
        key: 'input/preserve/late.mp4',
        bytes: Buffer.concat([ftyp, padded, rest]),
      },
      { what: 'one with an odd name', key: 'input/preserve/two words + 100% é 映像.MOV', bytes: clip },
    ])('tells size, picture and length of $what', async ({ key, bytes }) => {
      await opened.drop(key, bytes);
      expect(await opened.inbox.inspect(key)).toMatchObject({ bytes: bytes.length, settings: {} });
      expect(await opened.inbox.measure(key)).toEqual({
        bytes: bytes.length,
        pixels: 1920 * 1080,
        durationSeconds: expect.closeTo(1.5, 0),
      });
    });

    it.each([
      { what: 'a transport stream', bytes: framed(188, 0) },
      { what: 'one with time stamps', bytes: framed(192, 4) },
      { what: 'one that begins within a packet', bytes: framed(188, 0).subarray(100) },
      { what: 'a program stream', bytes: Buffer.concat([Buffer.from('000001ba44', 'hex'), Buffer.alloc(2043)]) },
    ])('tells that $what may hold several recordings', async ({ what, bytes }) => {
      await opened.drop(`input/preserve/${what}.ts`, bytes);
      expect(await opened.inbox.measure(`input/preserve/${what}.ts`)).toEqual({
        ...{ bytes: bytes.length, pixels: undefined, durationSeconds: undefined },
        mayBeJoined: true,
      });
    });

    it.each([
      { what: 'an empty file', bytes: Buffer.alloc(0) },
      { what: 'a text', bytes: Buffer.from('these are notes') },
      { what: 'a file that ends within its header', bytes: clip.subarray(0, 30) },
    ])('tells the size of $what, and that no more is known', async ({ what, bytes }) => {
      await opened.drop(`input/preserve/${what}.mp4`, bytes);
      expect(await opened.inbox.measure(`input/preserve/${what}.mp4`)).toEqual({
        bytes: bytes.length,
        pixels: undefined,
        durationSeconds: undefined,
      });
    });

    it('tells what lies beside a file', async () => {
      for (const name of ['film.mkv', 'film.eng.srt', 'other.mkv'])
        await opened.drop(`input/preserve/beside/${name}`, Buffer.from(name));
      const keys: string[] = [];
      for await (const { key, bytes } of opened.inbox.list('input/preserve/beside/film')) keys.push(`${key} ${bytes}`);
      expect(keys).toEqual(['input/preserve/beside/film.eng.srt 12', 'input/preserve/beside/film.mkv 8']);
    });

    it('tells what is asked for, by the names of the settings', async () => {
      await opened.drop('input/preserve/asked.mov', Buffer.from('x'), {
        crf: '24',
        evenIfLarger: 'true',
        unheardOf: '1',
      });
      const settings = (await opened.inbox.inspect('input/preserve/asked.mov'))?.settings ?? {};
      expect(settings).toMatchObject({ crf: '24', evenIfLarger: 'true' });
      expect(Object.keys(settings)).toHaveLength(3);
    });

    it('has the same version until the file is written anew', async () => {
      const key = 'input/preserve/again.mov';
      const version = async () => (await opened.inbox.inspect(key))?.version;
      await opened.drop(key, Buffer.from('one'));
      const first = await version();
      expect(await version()).toBe(first);
      await sleep(1_100); // where there are no versions, a second is the finest that S3 tells
      await opened.drop(key, Buffer.from('one'));
      expect(await version()).not.toBe(first);
    });
  });
}
