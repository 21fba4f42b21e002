import { describe, expect, it } from '@jest/globals';
import { flvScript, withFlvScript } from '../../../core/description/flv-script.ts';
import { amf, END_OF_OBJECT, script } from '../../fixtures/flv.ts';
import { aProbe, aStream } from '../../fixtures/probes.ts';

const cue = (name: string) => ({ name, time: 0.4, type: 'event', parameters: { lang: 'en' } });
const described = script('onMetaData', {
  title: 'Prater',
  Custom: 'mine',
  width: 128,
  hasCuePoints: true,
  cuePoints: [cue('Cue1'), cue('Cue2')],
});

describe('what an FLV says', () => {
  it('has its own texts, and cue points by their names', () => {
    expect(flvScript([described])).toEqual({
      texts: { title: 'Prater', custom: 'mine' },
      names: new Set(['title', 'custom', 'width', 'hascuepoints']),
      cuePoints: ['Cue1', 'Cue2'],
      hasCuesAmongPictures: false,
    });
    expect(flvScript([script('onCuePoint', cue('C')), script('onCuePoint', {})])).toMatchObject({
      cuePoints: ['C', '2'],
      hasCuesAmongPictures: true,
    });
  });

  it('takes nothing from its cue points for tags of the film, and none of them for subtitles', () => {
    const told = {
      title: 'Prater',
      custom: 'mine',
      width: '128',
      name: 'Cue1',
      time: '0',
      lang: 'en',
      hascuepoints: 'true',
    };
    const probe = aProbe([aStream('video', 'flv1'), aStream('subtitle', 'text')], { format: 'flv', tags: told });
    const plain = withFlvScript(probe, flvScript([described]));
    expect(plain.tags).toEqual({ title: 'Prater', custom: 'mine', width: '128' });
    expect(plain.streams).toEqual(probe.streams);
    const all = withFlvScript(probe, flvScript([described, script('onCuePoint', cue('C'))]));
    expect(all.cuePoints).toEqual(['Cue1', 'Cue2', 'C']);
    expect(all.streams.map(({ unusable }) => unusable?.is)).toEqual([undefined, 'unknown']);
  });

  it('ends where it is damaged, and never with an error', () => {
    for (let bytes = 0; bytes < described.length; bytes++) flvScript([described.subarray(0, bytes)]);
    const odd = Buffer.concat([
      amf('onMetaData'),
      Buffer.from([3]),
      Buffer.from('\0\x01x\x63', 'latin1'),
      END_OF_OBJECT,
    ]);
    expect(flvScript([odd]).names.size).toBe(0);
    const deep = Buffer.concat([amf('onMetaData'), Buffer.alloc(40_000, Buffer.from([3, 0, 1, 120]))]);
    expect(flvScript([deep]).cuePoints).toEqual([]);
  });
});
