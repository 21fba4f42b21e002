import { describe, expect, it } from '@jest/globals';
import { retimedFile, retimeText, type TextFormat } from '../../../core/filters/retime-text.ts';
import {
  firstChapters,
  retimeChapters,
  retimedStreams,
  retiming,
  soundFilter,
  titledChapters,
  withoutUntitled,
} from '../../../core/filters/retiming.ts';
import { upscale } from '../../../core/recipes/upscale.ts';
import { resolveSettings } from '../../../core/settings/settings.ts';
import { planStreams } from '../../../core/streams/streams.ts';
import { aProbe, aStream } from '../../fixtures/probes.ts';

const SLOWER = { num: 25, den: 24 };

describe('25 frames a second at 24', () => {
  it.each([
    { asked: {}, rate: [25, 1], timeFactor: undefined },
    { asked: { fps: '24' }, rate: [24, 1], timeFactor: undefined },
    { asked: { fps: '24' }, rate: [25, 1], timeFactor: { num: 25, den: 24 } },
    { asked: { fps: '23.976' }, rate: [25, 1], timeFactor: { num: 1001, den: 960 } },
    { asked: { fps: '23.976' }, rate: [24, 1], timeFactor: { num: 1001, den: 1000 } },
    { asked: { fps: '25' }, rate: [24_000, 1001], timeFactor: { num: 960, den: 1001 } },
  ])('$asked of $rate multiplies times by $timeFactor', ({ asked, rate: [num = 0, den = 1], timeFactor }) => {
    expect(retiming(resolveSettings(upscale, asked), { num, den })?.timeFactor).toEqual(timeFactor);
  });

  it('refuses slow motion', () => {
    const ask = () => retiming({ fps: { num: 24, den: 1 } }, { num: 50, den: 1 });
    expect(ask).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining('48 % of its speed') }),
    );
  });

  it.each([
    { rate: 48_000, filter: 'asetrate=46080,aresample=48000' },
    { rate: 44_100, filter: 'asetrate=42336,aresample=44100' },
    { rate: 11_000, filter: 'asetrate=10560,aresample=11000' },
    { rate: 8_010, filter: 'aresample=8000,asetrate=7680,aresample=8010' },
  ])('plays sound of $rate Hz with $filter', ({ rate, filter }) => {
    expect(soundFilter(SLOWER, 'restored', rate)).toBe(filter);
  });

  it('leaves a cover as it is, also one whose size nobody can tell', () => {
    const cover = aStream('video', 'mjpeg', { index: 1, dispositions: ['attached_pic'], video: undefined });
    const plans = planStreams(aProbe([aStream('video', 'h264'), cover]), {
      delivery: 'archive',
      container: 'mp4',
      title: 'HEVC',
    });
    const [, retimed] = retimedStreams(plans, 0, { timeFactor: SLOWER, pitch: 'restored' }, 'mp4');
    expect(retimed).toEqual(plans[1]);
  });

  it('gives chapters a longer time base', () => {
    const metadata = ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=2400\ntitle=TIMEBASE=1/2\n';
    expect(retimeChapters(metadata, SLOWER)).toBe(metadata.replace('TIMEBASE=1/1000\n', 'TIMEBASE=1/960\n'));
  });

  it.each([
    { factor: { num: 1001, den: 960 }, start: 2_000_000_000, is: 2_085_416_667 },
    { factor: { num: 1001, den: 1000 }, start: 36_000_000_000_000, is: 36_036_000_000_000 },
  ])('gives chapters of nanoseconds new times by $factor', ({ factor, start, is }) => {
    const metadata = (from: number, to: number) =>
      `;FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000000000\nSTART=${from}\nEND=${to}\ntitle=a\\\nSTART\\=1\n`;
    expect(retimeChapters(metadata(start, start), factor)).toBe(metadata(is, is));
  });
});

describe('chapters', () => {
  const chapter = (title: string) => `[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\n${title}`;

  it('get an empty title where they have none', () => {
    const metadata = `;FFMETADATA1\n${chapter('')}${chapter('title=b\n')}[STREAM]\nlanguage=eng\n`;
    const is = `;FFMETADATA1\n${chapter('title=\n')}${chapter('title=b\n')}[STREAM]\nlanguage=eng\n`;
    expect(titledChapters(metadata)).toBe(is);
  });

  it('beyond a count are those of a longer list', () => {
    const metadata = `;FFMETADATA1\n${chapter('title=a\n')}${chapter('title=b\n')}[STREAM]\nlanguage=eng\n`;
    expect(firstChapters(metadata, 1)).toBe(`;FFMETADATA1\n${chapter('title=a\n')}[STREAM]\nlanguage=eng\n`);
  });

  it('without a title, not even an empty one, are left out where they are moments that a camera marked', () => {
    const metadata = `;FFMETADATA1\n${chapter('')}${chapter('title=\n')}[STREAM]\nlanguage=eng\n`;
    expect(withoutUntitled(metadata)).toBe(`;FFMETADATA1\n${chapter('title=\n')}[STREAM]\nlanguage=eng\n`);
  });

  it.each([
    { what: 'a title with a line that looks like a chapter', before: 'title=a\\\n[CHAPTER]\n', added: '' },
    { what: 'a title that ends with a backslash', before: 'title=a\\\\\n[CHAPTER]\n', added: 'title=\n' },
  ])('are found behind $what', ({ before, added }) => {
    const metadata = `;FFMETADATA1\n${chapter(before)}`;
    expect(titledChapters(metadata)).toBe(`${metadata}${added}`);
  });
});

describe('text subtitles', () => {
  it.each<{ what: string; format: TextFormat; was: string; is: string }>([
    {
      what: "SRT's times",
      format: 'srt',
      was: '1\r\n00:00:02,400 --> 00:59:59,999\r\nAt 10:00:00,000 it ends\r\n',
      is: '1\r\n00:00:02,500 --> 01:02:29,999\r\nAt 10:00:00,000 it ends\r\n',
    },
    {
      what: "WebVTT's, hours or none, and what stands behind them",
      format: 'webvtt',
      was: 'WEBVTT\n\n59:59.999 --> 01:00:02.400 line:0\na <00:00:24.000>b 12:00.000',
      is: 'WEBVTT\n\n01:02:29.999 --> 01:02:32.500 line:0\na <00:00:25.000>b 12:00.000',
    },
    {
      what: "ASS's",
      format: 'ass',
      was: 'Dialogue: 0,0:00:02.40,9:36:00.00,Default,,0,0,0,,Hi, at 0:00:02.40',
      is: 'Dialogue: 0,0:00:02.50,10:00:00.00,Default,,0,0,0,,Hi, at 0:00:02.40',
    },
    {
      what: "ASS's inner times",
      format: 'ass',
      was: 'Dialogue: 0,0:00:00.00,0:00:24.00,D,,0,0,0,,{\\k24\\kf48\\fad(240,480)\\move(1,2,3,4,240,480)\\t(24,48,\\fs24)}a',
      is: 'Dialogue: 0,0:00:00.00,0:00:25.00,D,,0,0,0,,{\\k25\\kf50\\fad(250,500)\\move(1,2,3,4,250,500)\\t(25,50,\\fs24)}a',
    },
    {
      what: "ASS's with any line ends, and no clock in a text",
      format: 'ass',
      was: 'Style: A,1:02:03.45\r\nDialogue: 0,0:00:02.40,0:00:24.00,D,,0,0,0,,{\\k24}at 0:00:02.40\r\nComment: 0,0:00:00.00,0:00:24.00,D,,0,0,0,,\rDialogue: 0,0:00:00.00,0:00:24.00,D,,0,0,0,,x\u2028{\\k24}',
      is: 'Style: A,1:02:03.45\r\nDialogue: 0,0:00:02.50,0:00:25.00,D,,0,0,0,,{\\k25}at 0:00:02.40\r\nComment: 0,0:00:00.00,0:00:25.00,D,,0,0,0,,\rDialogue: 0,0:00:00.00,0:00:25.00,D,,0,0,0,,x\u2028{\\k25}',
    },
    {
      what: "ASS's tags as other programs write them",
      format: 'ass',
      was: 'Dialogue: 0,0:00:00.00,0:00:24.00,D,,0,0,0,,{\\kt24\\k4.8\\fad( 240, 480 )\\t( 24, 48 ,1.2,\\clip(24,48,1,1))\\t(\\fs24)\\t(2,\\fs24)\\pos(24,48)}24',
      is: 'Dialogue: 0,0:00:00.00,0:00:25.00,D,,0,0,0,,{\\kt25\\k5\\fad(250,500)\\t(25,50,1.2,\\clip(24,48,1,1))\\t(\\fs24)\\t(2,\\fs24)\\pos(24,48)}24',
    },
    {
      what: 'no arrow in the text of SRT',
      format: 'srt',
      was: '1\n00:00:02,400 --> 00:00:04,800\nfrom 10:00:00,000 --> 11:00:00,000\n',
      is: '1\n00:00:02,500 --> 00:00:05,000\nfrom 10:00:00,000 --> 11:00:00,000\n',
    },
    { what: 'no style of ASS', format: 'ass', was: 'Style: A,1:02:03.45', is: 'Style: A,1:02:03.45' },
  ])('get new times: $what', ({ format, was, is }) => {
    expect(retimeText(was, format, SLOWER)).toBe(is);
  });

  const was = '1\r\n00:00:02,400 --> 00:00:04,800\r\nAn été, 2:02.400\r\n';
  const is = '1\r\n00:00:02,500 --> 00:00:05,000\r\nAn été, 2:02.400\r\n';
  it.each([
    { what: 'UTF-8', bytes: (text: string) => Buffer.from(text) },
    { what: 'UTF-8 with a byte order mark', bytes: (text: string) => Buffer.from(`\ufeff${text}`) },
    { what: 'Windows-1252', bytes: (text: string) => Buffer.from(text, 'latin1') },
    { what: 'UTF-16LE', bytes: (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le') },
    { what: 'UTF-16BE', bytes: (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16() },
    {
      what: 'UTF-16LE with half a character at its end',
      bytes: (text: string) => Buffer.concat([Buffer.from(`\ufeff${text}`, 'utf16le'), Buffer.from([0x41])]),
    },
  ])('get new times in a file, and no other byte of it changes: $what', ({ bytes }) => {
    const given = bytes(was);
    const copy = Buffer.from(given);
    expect(Buffer.from(retimedFile(given, 'srt', SLOWER))).toEqual(bytes(is));
    expect(given).toEqual(copy);
  });
});
