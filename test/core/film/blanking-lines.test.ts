import { expect, it } from '@jest/globals';
import { blankingTold } from '../../../core/film/blanking-lines.ts';
import { aVideo } from '../../fixtures/probes.ts';

const told = (codec: string, width: number, height: number) =>
  blankingTold({ codec, video: aVideo({ width, height }) });

it.each([
  { height: 608, says: ['first 32 of the 608 lines', 'crop=720:576:0:32'] },
  { height: 512, says: ['first 26 of the 512 lines', 'crop=720:486:0:26'] },
])('the lines of blanking in D-10 are told, and how they are cut off: $height', ({ height, says }) => {
  for (const each of says) expect(told('mpeg2video', 720, height)).toContain(each);
});

it('no other picture has lines of blanking', () => {
  expect(told('mpeg2video', 720, 576)).toBeUndefined();
  expect(told('h264', 720, 608)).toBeUndefined();
  expect(told('mpeg2video', 912, 608)).toBeUndefined();
});
