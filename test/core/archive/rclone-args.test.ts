import { describe, expect, it } from '@jest/globals';
import {
  bucketPlace,
  cacheGiBOf,
  isSent,
  mountArgs,
  remoteOf,
  sendAgainArgs,
  sendArgs,
  TUNING,
  tuningOf,
} from '../../../core/archive/rclone-args.ts';

const NOWHERE = { region: undefined, endpoint: undefined };
const place = bucketPlace('s3://films/a b/c', { region: 'eu-west-1', endpoint: undefined });
const task = { folder: '-odd name', place, direction: 'up', tuning: TUNING, isDryRun: false } as const;

describe('bucketPlace', () => {
  it.each([
    ['s3://films', 'films', ''],
    ['s3://films/', 'films', ''],
    ['s3://my.films-1/a/b//', 'my.films-1', 'a/b'],
  ])('reads %s', (text, bucket, prefix) => expect(bucketPlace(text, NOWHERE)).toMatchObject({ bucket, prefix }));

  it.each(['films', 's3://', 's3://A', 's3://f', 's3://films/../x', 's3://films/a//b', 'http://films/x', 's3://-a/b'])(
    'refuses %s',
    (text) => expect(() => bucketPlace(text, NOWHERE)).toThrow(/is not a place in a bucket/),
  );
});

describe('remoteOf', () => {
  it('needs no configuration file, and takes credentials from the environment', () =>
    expect(remoteOf(place)).toBe(
      ":s3,provider='AWS',env_auth='true',region='eu-west-1',no_check_bucket='true':films/a b/c",
    ));

  it('lets no quote of an address end its option', () =>
    expect(remoteOf({ ...place, endpoint: "http://x',env_auth='false" })).toContain(
      "endpoint='http://x'',env_auth=''false'",
    ));
});

describe('tuningOf', () => {
  const none = { transfers: undefined, parts: undefined, partMiB: undefined };
  it('has defaults', () => expect(tuningOf(none)).toEqual({ transfers: 10, parts: 4, partMiB: 100 }));
  it.each([
    [{ transfers: '0' }, '--transfers 0 is out of range; it takes 1 to 256'],
    [{ parts: 'many' }, '--parts many is out of range; it takes 1 to 256'],
    [{ partMiB: '5121' }, '--part-size 5121 is out of range; it takes 5 to 5120'],
    [{ partMiB: '-5' }, '--part-size -5 is out of range; it takes 5 to 5120'],
    [{ partMiB: '1e3' }, '--part-size 1e3 is out of range; it takes 5 to 5120'],
  ])('refuses %j', (asked, sentence) => expect(() => tuningOf({ ...none, ...asked })).toThrow(sentence));
});

describe('sendArgs', () => {
  it('lists in few requests, knows what is new by time of upload, and leaves hashing to us', () => {
    const args = sendArgs(task);
    expect(args).toEqual(
      expect.arrayContaining(['--fast-list', '--update', '--use-server-modtime', '--s3-disable-checksum']),
    );
    for (const [name, value] of [
      ['--transfers', '10'],
      ['--s3-upload-concurrency', '4'],
      ['--s3-chunk-size', '100Mi'],
    ] as const)
      expect(args[args.indexOf(name) + 1]).toBe(value);
  });

  it('never takes a name for an option', () =>
    expect(sendArgs(task).slice(-3)).toEqual(['--', '-odd name', remoteOf(place)]));
  it('fetches by the same arguments the other way round', () =>
    expect(sendArgs({ ...task, direction: 'down' }).slice(-2)).toEqual([remoteOf(place), '-odd name']));
  it('sends again whatever the times are', () => expect(sendAgainArgs(task)).toContain('--ignore-times'));
  it('never deletes', () => expect([sendArgs(task)[0], sendAgainArgs(task)[0]]).toEqual(['copy', 'copy']));
});

it.each([
  ['a.mp4', true],
  ['.reelmill/preserve/a.mp4/manifest.json', true],
  ['.hidden/file', true],
  ['.reelmill/work/cache/x', false],
  ['deep/.work/x', false],
  ['a.partial', false],
  ['.reelmill/sent.json', false],
])('isSent(%s) is %s', (path, sent) => expect(isSent(path)).toBe(sent));

describe('mountArgs', () => {
  it('caches whole files, bounded, and cannot write unless asked to', () => {
    const args = mountArgs({ place, folder: '/mnt/x', cacheGiB: cacheGiBOf('50G'), canWrite: false });
    expect(args[args.indexOf('--vfs-cache-mode') + 1]).toBe('full');
    expect(args[args.indexOf('--vfs-cache-max-size') + 1]).toBe('50G');
    expect(args).toContain('--read-only');
    expect(mountArgs({ place, folder: '/mnt/x', cacheGiB: 1, canWrite: true })).not.toContain('--read-only');
  });
  it.each(['', '0G', '50', '50GB', '-1G'])('refuses a cache of %j', (text) =>
    expect(() => cacheGiBOf(text)).toThrow(`--cache-size ${text} is not a size; it is written as 50G`),
  );
});
