import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { SMALLEST_TIERED_BYTES } from '../../core/storage/storage-classes.ts';
import { NO_OPT_IN, OPT_IN_DAYS, tierAfter } from '../../core/storage/tiering.ts';
import { USUAL_OPT_IN } from '../../core/storage/what-if.ts';
import { classAfter } from '../support/bucket-over-time.ts';
import { evaluated } from '../support/evaluated-template.ts';
import { at, DEPLOYED_STAGES, type JsonObject, list, packaged } from '../support/packaged-template.ts';

const { readStage } = createRequire(import.meta.url)('../../stages/index.cjs') as {
  readStage(stage: string, pairs?: readonly string[]): Record<string, unknown>;
};

const DAYS = [0, 1, 6, 7, 14, 15, 29, 30, 31, 59, 60, 89, 90, 91, 179, 180, 181, 364, 365, 729, 730, 731, 4000];
const FILM = { bytes: 5e9 };

async function bucketOf(stage: string, params: readonly string[] = []): Promise<JsonObject> {
  const { template } = await packaged(stage, params);
  const made = evaluated(template, { account: '123456789012', region: 'us-east-1', stack: 'reelmill' });
  const bucket = made.get('MediaBucket');
  if (!bucket) throw new Error('no media bucket');
  return bucket.Properties;
}

const rulesOf = createRequire(import.meta.url)('../../resources/media-lifecycle.cjs') as (given: {
  readonly options: { readonly stage: string; readonly param: readonly string[] };
}) => { readonly lifecycle: JsonObject; readonly tiering: readonly JsonObject[] | JsonObject };

/** The same rules without packaging a stack, which takes seconds. */
function bucketWith(...param: readonly string[]): JsonObject {
  const { lifecycle, tiering } = rulesOf({ options: { stage: 'prod', param } });
  return { LifecycleConfiguration: lifecycle, IntelligentTieringConfigurations: tiering };
}

/** For how many days a version stays that is not the newest: where rules overlap, S3 takes the shorter time. */
const versionDays = (bucket: JsonObject, key: string): number =>
  Math.min(
    ...list(at(bucket, 'LifecycleConfiguration', 'Rules'))
      .filter((rule) => key.startsWith(String(at(rule, 'Prefix') ?? '')))
      .map((rule) => Number(at(rule, 'NoncurrentVersionExpiration', 'NoncurrentDays') ?? Number.POSITIVE_INFINITY)),
  );

const over = (bucket: JsonObject, key: string, bytes = FILM.bytes, tags = {}) =>
  DAYS.map((days) => classAfter(bucket, { key, bytes, tags }, days));

describe.each(DEPLOYED_STAGES)('the media bucket of %s', (stage) => {
  let bucket: JsonObject;
  beforeAll(async () => {
    bucket = await bucketOf(stage);
  });

  it('keeps sources and results where the planner of storage costs thinks them', () => {
    const planned = DAYS.map((days) => tierAfter(days, NO_OPT_IN));
    expect(over(bucket, 'input/preserve/film.mov')).toEqual(planned);
    expect(over(bucket, 'output/preserve/film.mov/preserve.mp4')).toEqual(planned);
  });

  it('lets work and cache expire on their days, and nothing else', () => {
    const [workDays, cacheDays] = [readStage(stage).workDays, readStage(stage).cacheDays].map(Number);
    expect(over(bucket, 'work/1/fan-out.json', 100)).toEqual(
      DAYS.map((d) => (d < Number(workDays) ? 'standard' : undefined)),
    );
    expect(over(bucket, 'cache/ab/cd')).toEqual(DAYS.map((d) => (d < Number(cacheDays) ? 'standard' : undefined)));
    for (const key of [
      'input/a.mov',
      'output/mezzanine/a.mov/mezzanine.mov',
      'failed/preserve/a.mov.json',
      'models/x.onnx',
    ])
      expect(over(bucket, key)).not.toContain(undefined);
  });

  it('keeps no versions of work and cache, which would be paid for a month longer than they are read', () => {
    const versionsOf = (key: string) => versionDays(bucket, key);
    expect([versionsOf('work/1/fan-out.json'), versionsOf('cache/ab/cd')]).toEqual([1, 1]);
    const keys = ['input/preserve/a.mov', 'output/preserve/a.mov/preserve.mp4', 'failed/a.json', 'recipes.json'];
    expect(keys.map(versionsOf)).toEqual([30, 30, 30, 30]);
  });

  it('leaves objects below 128 KB alone, as the planner does', () => {
    const stays = DAYS.map(() => 'standard');
    expect(over(bucket, 'output/preserve/film.mov/manifest.json', SMALLEST_TIERED_BYTES - 1)).toEqual(stays);
    expect(over(bucket, 'input/preserve/a.srt', 1)).toEqual(stays);
    expect(over(bucket, 'input/preserve/a.mov', SMALLEST_TIERED_BYTES)).not.toEqual(stays);
  });

  it('would archive after the days that the what-if chart shows', () => {
    const { archiveDays, deepArchiveDays } = readStage(stage);
    expect({ archive: archiveDays, deepArchive: deepArchiveDays }).toEqual(USUAL_OPT_IN);
  });
});

describe('with other settings', () => {
  it('puts them into the template', async () => {
    const params = ['archive=tagged', 'archiveDays=100', 'resultClass=GLACIER_IR', 'mezzanineDays=60'];
    const { LifecycleConfiguration, IntelligentTieringConfigurations } = await bucketOf('dev', params);
    const asked = rulesOf({ options: { stage: 'dev', param: params } });
    expect({ lifecycle: LifecycleConfiguration, tiering: IntelligentTieringConfigurations }).toEqual(asked);
    expect((await bucketOf('dev')).IntelligentTieringConfigurations).toBeUndefined();
  });

  it('archives all sources, and no result', () => {
    const bucket = bucketWith('archive=sources', 'archiveDays=100', 'deepArchiveDays=365');
    const planned = DAYS.map((days) => tierAfter(days, { archive: 100, deepArchive: 365 }));
    expect(planned).toContain('it-deep-archive');
    expect(over(bucket, 'input/preserve/film.mov')).toEqual(planned);
    expect(over(bucket, 'input/preserve/a.srt', 1000)).toEqual(DAYS.map(() => 'standard'));
    expect(over(bucket, 'output/preserve/film.mov/preserve.mp4')).not.toContain('it-archive');
  });

  it('archives only sources with the tag', () => {
    const bucket = bucketWith('archive=tagged');
    const key = 'input/preserve/film.mov';
    expect(over(bucket, key, FILM.bytes, { archive: 'yes' })).toEqual(
      DAYS.map((days) => tierAfter(days, USUAL_OPT_IN)),
    );
    expect(over(bucket, key, FILM.bytes, { archive: 'no' })).toEqual(DAYS.map((days) => tierAfter(days)));
    expect(over(bucket, key)).toEqual(DAYS.map((days) => tierAfter(days)));
  });

  it.each([
    { resultClass: 'STANDARD_IA', name: 'standard-ia', from: 30 },
    { resultClass: 'GLACIER_IR', name: 'glacier-ir', from: 0 },
  ])('keeps results in $resultClass from day $from, and sources as before', ({ resultClass, name, from }) => {
    const bucket = bucketWith(`resultClass=${resultClass}`, 'mezzanineDays=60');
    const film = 'output/preserve/film.mov/preserve.mp4';
    expect(over(bucket, film)).toEqual(DAYS.map((days) => (days < from ? 'standard' : name)));
    expect(over(bucket, 'output/mezzanine/film.mov/film.mov')).toEqual(
      DAYS.map((days) => (days >= 60 ? undefined : days < from ? 'standard' : name)),
    );
    expect(over(bucket, 'input/preserve/film.mov')).toEqual(DAYS.map((days) => tierAfter(days)));
  });

  it.each([
    { params: ['archiveDays=89'], says: /archiveDays/ },
    { params: ['deepArchiveDays=731'], says: /deepArchiveDays/ },
    { params: ['archiveDays=200', 'deepArchiveDays=190'], says: /deepArchiveDays: is no later than archiveDays/ },
    { params: ['resultClass=DEEP_ARCHIVE'], says: /resultClass/ },
    { params: ['archive=all'], says: /archive/ },
    { params: ['mezzanineDays=-1'], says: /mezzanineDays/ },
  ])('refuses $params in a sentence that names the setting', ({ params, says }) => {
    expect(() => readStage('prod', params)).toThrow(says);
  });

  it('takes the least and the most days that S3 takes', () => {
    const { archive, deepArchive } = OPT_IN_DAYS;
    const least = [`archiveDays=${archive.least}`, `deepArchiveDays=${deepArchive.least}`];
    expect(() => readStage('prod', least)).not.toThrow();
    expect(() => readStage('prod', [`archiveDays=${archive.most}`])).toThrow(/deepArchiveDays/);
    expect(() => readStage('prod', [`deepArchiveDays=${deepArchive.most}`])).not.toThrow();
  });
});
