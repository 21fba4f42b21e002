import { describe, expect, it } from '@jest/globals';
import { asEquirectangular, layoutAdvice, sphereLayout } from '../../../core/film/sphere-layout.ts';

describe('a sphere', () => {
  it.each([
    { layout: 'eac', from: [3840, 2560], to: [5120, 2560], input: 'eac' },
    { layout: 'cubemap', from: [1536, 1024], to: [2048, 1024], input: 'c3x2' },
    { layout: 'dfisheye:195', from: [3840, 1920], to: [3840, 1920], input: 'dfisheye' },
  ])('$layout of $from becomes equirectangular of $to', ({ layout, from, to, input }) => {
    const [width = 0, height = 0] = from;
    const { size, filters } = asEquirectangular({ width, height }, sphereLayout(layout));
    expect([size.width, size.height]).toEqual(to);
    expect(filters).toEqual([expect.stringContaining(`v360=input=${input}`)]);
  });

  it('that is equirectangular stays as it is', () => {
    const size = { width: 3840, height: 1920 };
    expect(asEquirectangular(size, sphereLayout('equirectangular'))).toEqual({ size, filters: [] });
  });

  it.each(['eac', 'cubemap'])('in a picture of 16:9 is no %s', (layout) => {
    const ask = () => asEquirectangular({ width: 3840, height: 2160 }, sphereLayout(layout));
    expect(ask).toThrow(expect.objectContaining({ code: 'usage', message: expect.stringContaining('3840x2160') }));
  });

  it.each(['dfisheye', 'dfisheye:90', 'dfisheye:300', 'dfisheye:195:1', 'fisheye', ''])(
    'has no layout "%s"',
    (text) => {
      expect(sphereLayout(text)).toBeUndefined();
    },
  );

  it.each([
    { told: ['VID_20190101_00_001.insv'], says: 'dfisheye' },
    { told: ['tour/360_0012.MP4'], says: 'dfisheye:195' },
    { told: ['tour.mp4', 'SAMSUNG', 'SM-R210'], says: 'dfisheye:195' },
    { told: ['GS010001.360'], says: "the camera's own program" },
    { told: ['tour_eac.mp4'], says: 'projection=eac' },
    { told: ['my-cubemap.mp4'], says: 'projection=cubemap' },
  ])('is recognised by $told', ({ told, says }) => {
    expect(layoutAdvice(told)).toContain(says);
  });

  it.each(['peace.mp4', 'clip.mp4', 'a360.mp4'])('is not recognised in %s', (name) => {
    expect(layoutAdvice([name])).toBeUndefined();
  });
});
