import { describe, expect, it } from '@jest/globals';
import {
  askedAgain,
  backfilledDrop,
  isOwnDrop,
  otherBucket,
  sourceFor,
  sourceInBucket,
} from '../../../core/job/backfilled.ts';

describe('a source that lies elsewhere than in the folder of its recipe', () => {
  it.each([
    { source: 'input/preserve/a.mov', path: 'a.mov' },
    { source: 'input/ladder/tour/a.mov', path: 'input/ladder/tour/a.mov' },
    { source: 's3://my-archive/2019/a.mov', path: 's3/my-archive/2019/a.mov' },
    { source: 's3://my-archive/ä + %.mov', path: 's3/my-archive/ä + %.mov' },
  ])('has a place for its results: $source', ({ source, path }) => {
    expect(backfilledDrop({ source, to: 'preserve' })).toEqual({ kind: 'drop', recipe: 'preserve', path });
  });

  it.each([
    { source: 'output/preserve/a.mov/a.mp4', kind: 'ignored' },
    { source: 's3://my-archive/', kind: 'ignored' },
    { source: 's3://my-archive/folder/', kind: 'ignored' },
    { source: 's3://my-archive/.hidden/a.mov', kind: 'ignored' },
    { source: 's3://my-archive/a.mov.part', kind: 'ignored' },
    { source: 's3://my-archive/a.srt', kind: 'companion' },
    { source: 's3://my-archive//a.mov', kind: 'refused' },
    { source: 's3://my-archive/../a.mov', kind: 'refused' },
    { source: `s3://my-archive/${'a'.repeat(900)}.mov`, kind: 'refused' },
    { source: 's3://Not_A_Bucket/a.mov', kind: 'ignored' },
  ])('follows the rules for the names of drops: $source', ({ source, kind }) => {
    expect(backfilledDrop({ source, to: 'preserve' }).kind).toBe(kind);
  });

  it.each(['input/ladder/tour/a.mov', 's3://my-archive/2019/a.mov'])(
    'is found by the place of its results: %s',
    (source) => {
      const drop = backfilledDrop({ source, to: 'vj' });
      expect(drop.kind === 'drop' ? sourceFor(drop.path) : undefined).toBe(source);
    },
  );

  it.each(['a.mov', 's3/a.mov', 's3/UPPER/a.mov', 'tour/input/a.mov'])('is none for an ordinary drop: %s', (path) => {
    expect(sourceFor(path)).toBeUndefined();
  });

  it('is told apart from a drop by its folder, not by the beginning of a name', () => {
    expect(isOwnDrop({ source: 'input/preserve-2/a.mov', to: 'preserve' })).toBe(false);
    expect(isOwnDrop({ source: 'input/preserve/a.mov', to: 'preserve' })).toBe(true);
  });

  it('is asked for once more with the settings of its backfill, which lie nowhere beside it', () => {
    const job = { source: 's3://my-archive/a.mov', outputPrefix: 'output/web/s3/my-archive/a.mov/' };
    expect(askedAgain({ ...job, settings: { crf: 28, crop: 'auto', audio: true } })).toEqual({
      ...{ source: job.source, to: 'web' },
      settings: { crf: '28', crop: 'auto', audio: 'true' },
    });
    expect(askedAgain({ ...job, settings: {} })).toEqual({ source: job.source, to: 'web' });
  });

  it('is asked for once more without those of a drop, which lie beside it', () => {
    const job = { source: 'input/web/a.mov', outputPrefix: 'output/web/a.mov/', settings: { crf: 28 } };
    expect(askedAgain(job)).toEqual({ source: 'input/web/a.mov', to: 'web' });
  });

  it('has an address that leads back to bucket and key', () => {
    expect(otherBucket(sourceInBucket('my-archive', '2019//a b.mov'))).toEqual({
      bucket: 'my-archive',
      key: '2019//a b.mov',
    });
    expect(otherBucket('input/preserve/a.mov')).toBeUndefined();
  });
});
