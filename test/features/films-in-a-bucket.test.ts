import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bucketOptions } from '../../adapters/aws/client-options.ts';
import { s3Inbox } from '../../adapters/aws/s3-inbox.ts';
import { isInBucket } from '../../adapters/aws/s3-location.ts';
import { s3ObjectStore } from '../../adapters/aws/s3-object-store.ts';
import { S3_DEFAULTS } from '../../adapters/aws/s3-settings.ts';
import { belowPrefix } from '../../adapters/shared/below-prefix.ts';
import { sender } from '../../app/dispatch/send-job.ts';
import { takeDrop } from '../../app/intake/take-drop.ts';
import { runStep, type StepPorts } from '../../app/run/run-step.ts';
import { STACK_DISKS } from '../../core/dispatch/disks.ts';
import { fanOutKey } from '../../core/dispatch/fan-out.ts';
import type { JobEvent } from '../../core/job/events.ts';
import { bucketRules } from '../../core/job/intake-rules.ts';
import { manifestSchema } from '../../core/job/manifest.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { SHIPPED } from '../../core/recipes/menu.ts';
import { type LocalPorts, openLocal } from '../../runtime/local-ports.ts';
import { type AwsServer, fauxqsServer, optionsFor } from '../support/aws-servers.ts';
import { makeClip } from '../support/clip.ts';
import { type TestIntake, testIntake } from '../support/intake.ts';

const never = new AbortController().signal;
const Bucket = 'media';
const SRT = '1\n00:00:00,100 --> 00:00:00,900\nGood evening\n';

/** What a bucket's functions and containers do with drops, on an S3 server; only the queue between them is left out. */
describe('films in a bucket', () => {
  let root: string;
  let server: AwsServer;
  let client: S3Client;
  let bucket: ObjectStore;
  let local: LocalPorts;
  let intake: TestIntake;
  let ports: StepPorts;
  let clip: Buffer;
  let events: JobEvent[] = [];

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'reelmill-bucket-'));
    await makeClip(join(root, 'clip.mp4'), { seconds: 1 });
    clip = await readFile(join(root, 'clip.mp4'));
    server = await fauxqsServer();
    client = new S3Client(bucketOptions(optionsFor(server)));
    await client.send(new CreateBucketCommand({ Bucket }));
    bucket = s3ObjectStore({ ...S3_DEFAULTS, client, bucket: Bucket, scratch: join(root, 'scratch') });
    local = await openLocal(join(root, 'work'), never, () => {});
    intake = await testIntake();
    ports = {
      ...local.portsFor({ sources: root, outputs: root }),
      ...{
        sources: bucket,
        outputs: bucket,
        cache: belowPrefix(bucket, 'cache/'),
        made: belowPrefix(bucket, 'output/.made/'),
      },
      isThere: (location) => isInBucket(bucket, Bucket, location),
      jobs: intake.jobs,
      menu: async () => SHIPPED,
      disks: STACK_DISKS,
    };
  });
  afterAll(async () => {
    await intake.close();
    await local.close();
    client.destroy();
    await server.close();
    await rm(root, { recursive: true });
  });

  const dropping = () => {
    const inbox = s3Inbox(client, Bucket);
    return {
      ...intake,
      inbox,
      send: sender({ ...intake, inbox }),
      rules: bucketRules({ hasGpu: true, refusesSize: () => undefined }),
    };
  };

  /** What on-drop does with an event, and the containers that it sends. */
  async function arrive(key: string) {
    events = [];
    const sent = intake.sent.length;
    const taken = await takeDrop(key, dropping());
    for (const { job } of intake.sent.slice(sent)) {
      const outcome = await runStep({ job: job.id, step: 'all' }, ports, {
        signal: never,
        onEvent: (event) => events.push(event),
      });
      expect(outcome).toEqual({ status: 'done' });
    }
    return taken.outcome;
  }
  const drop = async (key: string, bytes: Uint8Array | string = clip) => {
    await bucket.write(key, bytes, 'video/mp4');
    return arrive(key);
  };
  const encoded = () => events.filter((event) => event.type === 'segment.done' && !event.reused).length;
  const manifest = async (prefix: string) => {
    const bytes = await bucket.read(`${prefix}/manifest.json`);
    return bytes && manifestSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  };
  const keys = async (prefix: string) => {
    const found: string[] = [];
    for await (const { key } of bucket.list(prefix)) found.push(key.slice(prefix.length));
    return found;
  };

  it('take a subtitle along that comes later, and are found again when they move with it', async () => {
    expect(await drop('input/downscale/a/film.mp4')).toBe('sent');
    expect(encoded()).toBeGreaterThan(0);
    expect(await drop('input/downscale/a/film.eng.srt', SRT)).toBe('sent');
    expect(encoded()).toBe(0);
    const joined = await manifest('output/downscale/a/film.mp4');
    expect(joined?.source.beside).toMatchObject([{ path: 'input/downscale/a/film.eng.srt' }]);
    expect(await keys('output/downscale/a/film.mp4/')).toContain('downscale.eng.srt');

    for (const [from, to] of [
      ['film.eng.srt', 'new.eng.srt'],
      ['film.mp4', 'new.mp4'],
    ]) {
      await bucket.copy(`input/downscale/a/${from}`, `input/downscale/b/${to}`);
      await bucket.remove(`input/downscale/a/${from}`);
    }
    expect(await arrive('input/downscale/b/new.eng.srt')).toBe('sent');
    expect(await arrive('input/downscale/b/new.mp4')).toBe('known');
    const moved = await manifest('output/downscale/b/new.mp4');
    expect(moved?.taken).toMatchObject({ how: 'moved', from: 'input/downscale/a/film.mp4' });
    expect(moved?.renditions[0]?.sha256).toBe(joined?.renditions[0]?.sha256);
    expect(await keys('output/downscale/a/')).toEqual([]);
  });

  it('that lie there twice are told and copied within the bucket; a long one needs no task for that', async () => {
    await drop('input/preserve/one.mp4');
    await bucket.write('input/preserve/two.mp4', clip, 'video/mp4');
    const sent = intake.sent.length;
    await takeDrop('input/preserve/two.mp4', dropping());
    const job = intake.sent[sent]?.job;
    if (!job) throw new Error('nothing was sent');
    events = [];
    const options = { signal: never, onEvent: (event: JobEvent) => void events.push(event) };
    await runStep({ job: job.id, step: 'plan' }, ports, options);
    expect(JSON.parse(Buffer.from((await bucket.read(fanOutKey(job.id))) ?? []).toString())).toMatchObject({
      tasks: 0,
    });
    await runStep({ job: job.id, step: 'join' }, ports, options);
    expect(encoded()).toBe(0);
    expect((await manifest('output/preserve/two.mp4'))?.taken).toMatchObject({
      how: 'copied',
      from: 'input/preserve/one.mp4',
    });
    expect(await manifest('output/preserve/one.mp4')).toBeDefined();
  });

  it('that another job published meanwhile are taken up again', async () => {
    await bucket.write(
      'input/preserve/both.mp4',
      Buffer.concat([clip, Buffer.from([0, 0, 0, 8, ...Buffer.from('free')])]),
      'video/mp4',
    );
    const sent = intake.sent.length;
    await takeDrop('input/preserve/both.mp4', dropping());
    const job = intake.sent[sent]?.job;
    if (!job) throw new Error('nothing was sent');
    const other = await bucket.read('output/preserve/one.mp4/manifest.json');
    const join: typeof ports.maker.join = async (...args) => {
      await bucket.write('output/preserve/both.mp4/manifest.json', other ?? '', 'application/json');
      return ports.maker.join(...args);
    };
    const maker = { ...ports.maker, join };
    const outcome = await runStep(
      { job: job.id, step: 'all' },
      { ...ports, maker },
      { signal: never, onEvent: () => {} },
    );
    expect(outcome).toMatchObject({
      status: 'failed',
      code: 'busy',
      reason: expect.stringContaining('published by job'),
    });
    expect(await runStep({ job: job.id, step: 'all' }, ports, { signal: never, onEvent: () => {} })).toEqual({
      status: 'done',
    });
    expect((await manifest('output/preserve/both.mp4'))?.job).toBe(job.id);
  });
});
