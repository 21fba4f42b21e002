import { expect, it } from '@jest/globals';
import { logWords } from '../../core/log-words.ts';

it.each([
  ['[mp3float @ 0x5634a866c400] Header missing', 'mp3float: Header missing'],
  ['[mov,mp4,m4a,3gp,3g2,mj2 @ 0x7f00] stream 0: partial file', 'mov,mp4,m4a,3gp,3g2,mj2: stream 0: partial file'],
  ['[vist#0:1/h264 @ 0x55d1c0a3f1c0] Error submitting packet', 'vist#0:1/h264: Error submitting packet'],
  ['[out#0/mp4 @ 000001d5e3a0] Could not write header', 'out#0/mp4: Could not write header'],
  ['    Last message repeated 8 times', 'Last message repeated 8 times'],
  ['file:/home/ann/films: new/clip.mov: Invalid data found', 'Invalid data found'],
  ['clip.mov: No such file or directory', 'clip.mov: No such file or directory'],
])('a line of the log is told without an address in memory: %s', (line, words) => {
  expect(logWords(line)).toBe(words);
});
