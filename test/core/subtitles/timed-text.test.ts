import { expect, it } from '@jest/globals';
import { styledSubRip } from '../../../core/subtitles/styled-text.ts';
import { timedText } from '../../../core/subtitles/timed-text.ts';

it('texts that are shown together are lines of one, each with its own styles', () => {
  const sample = timedText([styledSubRip('one'), styledSubRip('t<b>w</b>o')]);
  expect(sample?.toString('latin1', 0, 9)).toBe('\0\x07one\ntwo');
  expect(sample?.subarray(9).toString('hex')).toBe(
    '00000016' + '7374796c' + '0001' + '00050006' + '0001' + '0110' + 'ffffffff',
  );
});

it('a text without a letter is a space, for one without a byte would end the one before', () => {
  expect(timedText([styledSubRip('{\\an8}'), styledSubRip('<i>\n</i>')])?.toString('latin1')).toBe('\0\x01 ');
});

it('a text is not made where it has more bytes than MP4 can say', () => {
  expect(timedText([styledSubRip('é'.repeat(32_767))])?.length).toBe(65_536);
  expect(timedText([styledSubRip('é'.repeat(32_768))])).toBeUndefined();
});
