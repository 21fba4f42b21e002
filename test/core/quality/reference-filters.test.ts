import { describe, expect, it } from '@jest/globals';
import { referenceFilters } from '../../../core/quality/reference-filters.ts';

describe('the reference gets its size and colours by the other library', () => {
  it.each([
    {
      filter: 'scale=854:480:flags=lanczos+accurate_rnd',
      is: ['setparams=colorspace=unknown', 'zscale=w=854:h=480:filter=lanczos'],
    },
    {
      filter: 'scale=854:480:in_range=pc:out_range=pc:flags=lanczos',
      is: ['setparams=colorspace=unknown', 'zscale=w=854:h=480:filter=lanczos:rin=full:r=full'],
    },
    { filter: 'scale=in_range=pc:out_range=tv', is: ['setparams=colorspace=unknown', 'zscale=rin=full:r=limited'] },
    { filter: 'scale=out_color_matrix=bt709:out_range=tv', is: ['zscale=m=709:r=limited'] },
    {
      filter: 'scale=in_color_matrix=bt470:in_range=tv:flags=lanczos',
      is: ['zscale=min=470bg:rin=limited', 'format=gbrp|gbrap'],
    },
    {
      filter: 'zscale=w=1024:h=576:filter=lanczos',
      is: ['scale=1024:576:flags=lanczos+accurate_rnd+full_chroma_int'],
    },
  ])('$filter', ({ filter, is }) => {
    expect(referenceFilters([filter])).toEqual(is);
  });

  it.each([
    { of: 'grey is told a matrix that stays', isOfGrey: true, matrix: ':min=709:m=709' },
    { of: 'other pictures is not', isOfGrey: false, matrix: '' },
  ])('which of $of', ({ isOfGrey, matrix }) => {
    expect(referenceFilters(['scale=in_range=pc:out_range=pc', 'format=yuv420p10le'], isOfGrey)).toEqual([
      'setparams=colorspace=unknown',
      `zscale=rin=full:r=full${matrix}`,
      'format=yuv420p10le',
    ]);
  });

  it.each([
    'bwdif=mode=send_frame:parity=auto:deint=all',
    'crop=700:420:10:80',
    'scale=w=iw:h=ih:eval=frame:flags=lanczos',
    'scale=161:121:flags=lanczos',
    'scale=iw*2:ih*2:flags=neighbor',
    'zscale=min=470bg:pin=470bg:tin=601:m=709:p=709:t=709:f=bicubic:d=none',
  ])('but leaves %s as it is', (filter) => {
    expect(referenceFilters([filter])).toEqual([filter]);
  });
});
