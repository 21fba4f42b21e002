import { describe, expect, it } from '@jest/globals';
import { linesThat, speakerIn } from '../../../core/film/log-speakers.ts';
import { aStream } from '../../fixtures/probes.ts';

const streams = [
  aStream('audio', 'mp2', { index: 0 }),
  aStream('video', 'h264', { index: 1 }),
  aStream('subtitle', 'dvb_subtitle', { index: 2 }),
  aStream('video', 'png', { index: 3, dispositions: ['attached_pic'] }),
];

describe('who says a line of the log', () => {
  const speaker = speakerIn({ streams }, 1);

  it.each([
    ['[h264 @ 0x55d1c0a3f1c0] [error] non-existing PPS 0 referenced', 'picture'],
    ['[vist#0:1/h264 @ 0x55d1c0a3f1c0] Error submitting packet to decoder: Invalid data', 'picture'],
    ['[error] Error while decoding stream #0:1: Invalid data found when processing input', 'picture'],
    ['Error while decoding stream #1:0: Invalid data found when processing input', 'other'],
    ['[mp2float @ 0x55d1c0a3f1c0] Header missing', 'other'],
    ['[dvbsub @ 0x55d1c0a3f1c0] [error] Junk in packet', 'other'],
    ['[png @ 0x55d1c0a3f1c0] inflate returned error -3', 'cover'],
    ['[matroska,webm @ 0x55d1c0a3f1c0] File ended prematurely at pos. 4711', 'file'],
    ['[mov,mp4,m4a,3gp,3g2,mj2 @ 0x7f00] stream 0, offset 0x30: partial file', 'file'],
    ['[NULL @ 0x55d1c0a3f1c0] [error] non-existing SPS 0 referenced in buffering period', 'file'],
    ['[swscaler @ 0x55d1c0a3f1c0] deprecated pixel format used', undefined],
    ['Conversion failed!', undefined],
  ])('is told from the line: %s', (line, who) => {
    expect(speaker(line)).toBe(who);
  });

  it('is the picture where another stream is of its codec', () => {
    expect(
      speakerIn({ streams: streams.map((each) => ({ ...each, codec: 'h264' })) }, 1)('[h264 @ 0x5] no frame!'),
    ).toBe('picture');
  });

  it('is also who repeats it', () => {
    const again = '    Last message repeated 8 times';
    const said = ['[mp2float @ 0x5] Header missing', again, '[h264 @ 0x6] no frame!', again];
    expect(linesThat(said, (line) => speaker(line) === 'picture')).toEqual(said.slice(2));
  });
});
