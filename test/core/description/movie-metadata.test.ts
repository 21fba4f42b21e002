import { expect, it } from '@jest/globals';
import { withMetadata } from '../../../core/description/movie-metadata.ts';
import { box } from '../../fixtures/craft.ts';

it("puts QuickTime's meta behind udta, where readers of iTunes's tags do not meet it first", () => {
  const moov = box('moov', box('mvhd', Buffer.alloc(100)), box('udta', box('free')));
  const wanted = [
    { place: 'movie' as const, type: 'meta', bytes: box('meta', box('hdlr', Buffer.alloc(24))) },
    { place: 'movie' as const, type: 'udta', bytes: box('udta', box('name', Buffer.from('x'))) },
  ];
  const written = withMetadata(moov, wanted).toString('latin1');
  expect(written.indexOf('udta')).toBeGreaterThan(0);
  expect(written.indexOf('udta')).toBeLessThan(written.indexOf('meta'));
});
