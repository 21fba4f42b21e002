import { describe, expect, it } from '@jest/globals';
import { figuresOf } from '../../../core/job/job-figures.ts';
import { manifest, rendition } from '../report/manifests.ts';

const sidecar = { path: 'clip.eng.srt', bytes: 70, sha256: '', stream: 2 };

describe('what a job came to', () => {
  it('counts all files that were published, as the terminal does', () => {
    const made = manifest({ renditions: [rendition({ bytes: 1000 }), rendition({ bytes: 500 })], sidecars: [sidecar] });
    expect(figuresOf(made)).toEqual({
      bytesBefore: made.source.bytes,
      bytesAfter: 1570,
      usd: made.cost.estimatedUsd,
    });
  });

  it('says of rungs that are streamed beside the source that they are a set, of which nothing is saved', () => {
    const rung = rendition({ frameRate: '25/1' });
    expect(figuresOf(manifest({ renditions: [rung, rung] }))).toMatchObject({ isSet: true });
    expect(figuresOf(manifest({ renditions: [rung, rendition()] }))).not.toHaveProperty('isSet');
  });
});
