import { describe, expect, it } from '@jest/globals';
import { contentLight, masterDisplay } from '../../../core/film/hdr.ts';

const P3_D65 = {
  red_x: '34000/50000',
  red_y: '16000/50000',
  green_x: '13250/50000',
  green_y: '34500/50000',
  blue_x: '7500/50000',
  blue_y: '3000/50000',
  white_point_x: '15635/50000',
  white_point_y: '16450/50000',
  min_luminance: '50/10000',
  max_luminance: '10000000/10000',
};

describe("a mastering display in x265's notation", () => {
  it.each([
    ['red_x', '90000/50000'],
    ['max_luminance', '1000000/1'],
  ])('is not told where %s is %s, which no file can state', (name, ratio) => {
    expect(masterDisplay({ ...P3_D65, [name]: ratio })).toBeUndefined();
  });

  it.each([
    { of: P3_D65, is: 'G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)' },
    {
      of: { ...P3_D65, red_x: '17/25', max_luminance: '4000/1', min_luminance: '1/200' }, // Matroska's floats come as other ratios
      is: 'G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(40000000,50)',
    },
    {
      of: { ...P3_D65, min_luminance: '0/10000' },
      is: 'G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,0)',
    },
    { of: { ...P3_D65, red_x: undefined }, is: undefined },
    { of: { side_data_type: 'Mastering display metadata' }, is: undefined },
    { of: undefined, is: undefined },
  ])('is $is', ({ of, is }) => {
    expect(masterDisplay(of)).toBe(is);
  });
});

describe('a light level', () => {
  it.each([
    { of: { max_content: 1000, max_average: 400 }, is: '1000,400' },
    { of: { max_content: 0, max_average: 0 }, is: undefined }, // not known, as CTA-861.3 has it
    { of: { max_content: 0, max_average: 90 }, is: '0,90' },
    { of: { max_content: 1000 }, is: undefined },
    { of: undefined, is: undefined },
  ])('is $is', ({ of, is }) => {
    expect(contentLight(of)).toBe(is);
  });
});
