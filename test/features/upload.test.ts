import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { mkdir, open, readFile, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AbortMultipartUploadCommand, GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { reelmill, startReelmill } from '../support/reelmill.ts';
import { at, commandAlone, type StageServer, stageServer } from '../support/stage-server.ts';
import { startProgram } from '../support/started-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PART = 8 * 2 ** 20;
const NEVER = new Promise<void>(() => {});
const nothing = async () => undefined;
const KEYS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

describe('reelmill upload', () => {
  let stage: StageServer;
  let folder: string;
  let films = 0;
  let name: string;
  let film: string;

  beforeAll(async () => {
    stage = await stageServer();
    folder = await temporaryFolder();
  });
  /** Three parts, the last of them a short one. */
  beforeEach(async () => {
    name = `film ${++films} + Ü%.mov`;
    film = join(folder, name);
    await writeFile(film, randomBytes(2 * PART + 1000));
    stage.heard.length = 0;
  });
  afterEach(() => stage.holdBefore(nothing));
  afterAll(() => stage.close());

  const words = (...files: readonly string[]) => ['upload', ...files, '--to', 'preserve', '--json', ...at(stage)];
  const run = (...files: readonly string[]) => reelmill(words(...files));
  const stored = async (key = `input/preserve/${name}`) =>
    stage.s3
      .send(new GetObjectCommand({ Bucket: stage.bucket, Key: key }))
      .then(async ({ Body }) => Buffer.from((await Body?.transformToByteArray()) ?? []))
      .catch(() => undefined);
  /** The numbers of the parts that were put there since the last call. */
  const putParts = () => {
    const puts = stage.heardOf('partNumber=').filter(({ what }) => what.startsWith('PUT'));
    const numbers = puts.map(({ what }) => Number(/partNumber=(\d+)/.exec(what)?.[1]));
    stage.heard.length = 0;
    return numbers.sort();
  };

  it('sends a file in parts, with its settings, and tells how far it is', async () => {
    const { code, events, last } = await reelmill([...words(film), '--set', 'crf=22']);
    const key = `input/preserve/${name}`;
    expect({ code, last }).toEqual({
      code: 0,
      last: { type: 'upload.done', file: film, status: 'done', key, parts: 3, sent: 3 },
    });
    expect(events[0]).toMatchObject({ type: 'upload.begun', key, parts: 3, there: 0, bytes: 2 * PART + 1000 });
    expect(events.at(-2)).toMatchObject({ type: 'upload.progress', done: 2 * PART + 1000, total: 2 * PART + 1000 });
    expect((await stored())?.equals(await readFile(film))).toBe(true);
    const { Metadata } = await stage.s3.send(new HeadObjectCommand({ Bucket: stage.bucket, Key: key }));
    expect(Metadata).toEqual({ 'reelmill-crf': '22' });
    expect(putParts()).toEqual([1, 2, 3]);
  });

  it('says nothing on stderr but its own sentences, however many parts a file has', async () => {
    await truncate(film, 7 * PART); // each part is read twice: for its sum, and to be sent
    const { code, last, stderr } = await reelmill([...words(film), '--quiet']);
    expect({ code, sent: last?.sent, stderr }).toEqual({ code: 0, sent: 7, stderr: '' });
  });

  it('goes on after a kill with the parts that have not arrived', async () => {
    let arriving = 0;
    stage.holdBefore(({ what }) => (what.includes('partNumber=') && ++arriving > 1 ? NEVER : nothing()));
    const killed = startReelmill(words(film));
    await stage.untilHeard('partNumber=', 1);
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(await stored()).toBeUndefined();
    stage.holdBefore(nothing);
    const before = putParts();
    expect(before).toHaveLength(1);
    const { code, last } = await run(film);
    expect({ code, last }).toMatchObject({ code: 0, last: { status: 'done', parts: 3, sent: 2 } });
    expect([...before, ...putParts()].sort()).toEqual([1, 2, 3]);
    expect((await stored())?.equals(await readFile(film))).toBe(true);
    // what was uploaded before is told, and nothing is sent
    const again = await run(film);
    expect({ code: again.code, last: again.last }).toMatchObject({ code: 0, last: { status: 'unchanged', sent: 0 } });
    expect(putParts()).toEqual([]);
  });

  it('begins anew where the bucket has let go the parts that had arrived', async () => {
    stage.holdBefore(({ what }) => (what.includes('partNumber=3') ? NEVER : nothing()));
    const killed = startReelmill(words(film));
    await stage.untilHeard('partNumber=', 2);
    killed.child.kill('SIGKILL');
    await killed.ended;
    stage.holdBefore(nothing);
    const [begun = ''] = stage.heardOf('uploadId=').map(({ what }) => what);
    const UploadId = /uploadId=([^&]+)/.exec(begun)?.[1] ?? '';
    const Key = `input/preserve/${name}`;
    await stage.s3.send(new AbortMultipartUploadCommand({ Bucket: stage.bucket, Key, UploadId }));
    putParts();
    const { code, last } = await run(film);
    expect({ code, last }).toMatchObject({ code: 0, last: { status: 'done', parts: 3, sent: 3 } });
    expect((await stored())?.equals(await readFile(film))).toBe(true);
  });

  it('sends a part again whose bytes have changed since it arrived, though size and time are the same', async () => {
    const modified = new Date(1_700_000_000_000); // in whole milliseconds, so that it can be set again as it was
    await utimes(film, modified, modified);
    stage.holdBefore(({ what }) => (what.includes('partNumber=3') ? NEVER : nothing()));
    const stopped = startReelmill(words(film));
    await stage.untilHeard('partNumber=', 2);
    stopped.child.kill('SIGINT');
    const { code, stdout } = await stopped.ended;
    expect({ code, last: stdout.trim().split('\n').at(-1) }).toEqual({
      code: 130,
      last: expect.stringContaining('"code":"interrupted"'),
    });
    const file = await open(film, 'r+');
    await file.write(Buffer.from('other'), 0, 5, 100);
    await file.close();
    await utimes(film, modified, modified);
    stage.holdBefore(nothing);
    putParts();
    expect((await run(film)).code).toBe(0);
    expect(putParts()).toEqual([1, 3]);
    expect((await stored())?.equals(await readFile(film))).toBe(true);
  });

  it.each([
    { how: 'grows', change: () => writeFile(film, 'more', { flag: 'a' }) },
    { how: 'becomes shorter', change: () => truncate(film, PART) },
  ])('publishes nothing of a file that $how while it is sent', async ({ change }) => {
    let isChanged = false;
    stage.holdBefore(async ({ what }) => {
      if (!what.includes('partNumber=') || isChanged) return;
      isChanged = true;
      await change();
    });
    const { code, last } = await run(film);
    expect({ code, last }).toEqual({
      code: 75,
      last: { type: 'job.failed', code: 'busy', reason: expect.stringMatching(/changed|shorter/) },
    });
    expect(await stored()).toBeUndefined();
  });

  it('ends at once where it is stopped while S3 is asked for the parts that are there', async () => {
    const asked = new EventEmitter();
    stage.holdBefore(async ({ what }) => {
      if (!what.startsWith('GET') || !what.includes('uploadId=')) return;
      asked.emit('now');
      await NEVER;
    });
    const isAsked = once(asked, 'now');
    const stopped = startReelmill(words(film));
    await isAsked;
    stopped.child.kill('SIGINT');
    const { code, stdout } = await stopped.ended;
    expect({ code, last: JSON.parse(stdout.trim().split('\n').at(-1) ?? '') }).toEqual({
      code: 130,
      last: { type: 'job.failed', code: 'interrupted', reason: expect.stringContaining('the same command goes on') },
    });
    stage.holdBefore(nothing);
    expect((await run(film)).code).toBe(0);
  });

  it('ends well where the same file is uploaded twice at once', async () => {
    // both ask S3 to put the parts together: one of them is told that the file is there already
    let asked = 0;
    const bothAsked = new EventEmitter();
    stage.holdBefore(async ({ what }) => {
      if (!what.startsWith('POST') || !what.includes('uploadId=') || asked === 2) return;
      if (++asked === 2) bothAsked.emit('now');
      else await once(bothAsked, 'now');
    });
    const both = await Promise.all([run(film), run(film)]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(asked).toBe(2);
    expect((await stored())?.equals(await readFile(film))).toBe(true);
  });

  it('lets one of two files have a name that are sent at once, and tells the other', async () => {
    const other = join(folder, 'at-once', name);
    await mkdir(join(folder, 'at-once'), { recursive: true });
    await writeFile(other, randomBytes(2 * PART + 1000));
    const both = await Promise.all([film, other].map(async (file) => ({ file, ...(await run(file)) })));
    const [done, refused] = both.sort((a, b) => Number(a.code) - Number(b.code));
    expect([done?.code, refused?.code]).toEqual([0, 65]);
    expect(refused?.last).toMatchObject({
      type: 'job.failed',
      reason: expect.stringContaining(`"input/preserve/${name}" is there already`),
    });
    expect((await stored())?.equals(await readFile(done?.file ?? ''))).toBe(true);
  });

  it('lets one of two files have a name, and loses neither', async () => {
    const other = join(folder, 'other', name);
    await mkdir(join(folder, 'other'), { recursive: true });
    await writeFile(other, randomBytes(PART + 5));
    const { code, events } = await run(film, other);
    expect(code).toBe(65);
    expect(events.filter(({ type }) => type === 'upload.done')).toMatchObject([{ file: film }]);
    expect(events.at(-1)).toMatchObject({
      type: 'job.failed',
      code: 'bad-input',
      reason: expect.stringContaining(`"input/preserve/${name}" is there already`),
    });
    expect((await stored())?.equals(await readFile(film))).toBe(true);
  });

  it('sends a part again after the line broke, or S3 had too much to do', async () => {
    let broken = 0;
    stage.holdBefore(async ({ what }) => {
      if (what.includes('partNumber=2') && broken++ === 0) throw new Error('the line breaks');
    });
    const { code, last } = await run(film);
    expect({ code, last }).toMatchObject({ code: 0, last: { sent: 3 } });
    expect(broken).toBe(2);
    expect((await stored())?.equals(await readFile(film))).toBe(true);
  });

  it.each([
    { what: 'its own name', inFolder: 'latin', named: 'caf\\351.mov' },
    { what: 'that of its folder', inFolder: 'caf\\351', named: 'film.mov' },
  ])('says of a file that its name is not UTF-8, by $what, and what to do', async ({ inFolder, named }) => {
    const { program, args, env } = commandAlone(words('FILE'), folder);
    const there = `cd '${folder}' && at="$(printf '${inFolder}/${named}')" && mkdir -p "$(dirname "$at")" && echo x > "$at"`;
    const quoted = args.map((each) => (each === 'FILE' ? '"$at"' : `'${each}'`)).join(' ');
    const { code, stdout } = await startProgram('bash', ['-c', `${there} && exec '${program}' ${quoted}`], {
      env: { ...env, ...KEYS },
    }).ended;
    const reason = expect.stringMatching(
      /cannot read .* its name or that of a folder has bytes that are not UTF-8: rename it$/,
    );
    expect({ code, last: JSON.parse(stdout.trim().split('\n').at(-1) ?? '') }).toMatchObject({
      code: 66,
      last: { type: 'job.failed', code: 'no-input', reason },
    });
  });

  it('says of each file in one sentence why it was not sent, and sends the others', async () => {
    const [line, hidden, text, empty] = ['a\nb.mov', '.hidden.mov', 'notes.txt', 'empty.mov'].map((each) =>
      join(folder, each),
    ) as [string, string, string, string];
    for (const each of [line, hidden, text]) await writeFile(each, 'x');
    await writeFile(empty, '');
    const long = join(folder, 'x'.repeat(1024));
    const { code, events, stderr } = await run(line, hidden, text, empty, folder, join(folder, 'none.mov'), long, film);
    expect(code).toBe(65);
    expect(events.filter(({ type }) => type === 'job.failed').map((each) => [each.code, each.reason])).toEqual([
      ['bad-input', expect.stringContaining('holds a control character')],
      ['bad-input', expect.stringContaining('hidden, temporary or companion name')],
      ['bad-input', expect.stringContaining('is no film by its name')],
      ['bad-input', expect.stringContaining('the file is empty')],
      ['usage', expect.stringContaining('is a folder')],
      ['no-input', expect.any(String)],
      ['no-input', expect.any(String)],
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'upload.done', file: film });
    expect(stderr.trim().split('\n')).toHaveLength(8);
  });

  it.each([
    { args: ['--to', 'preserv'], code: 64, says: 'preserve' },
    { args: ['--set', 'crf=900'], code: 64, says: 'crf' },
    { args: ['--stage', 'other'], code: 66, says: 'reelmill-other' },
  ])('refuses $args before a byte is sent', async ({ args, code, says }) => {
    const run = await reelmill([...words(film), ...args]);
    expect({ code: run.code, last: run.last }).toMatchObject({
      code,
      last: { type: 'job.failed', reason: expect.stringContaining(says) },
    });
    expect(putParts()).toEqual([]);
  });
});
