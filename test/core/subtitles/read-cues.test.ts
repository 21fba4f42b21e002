import { describe, expect, it } from '@jest/globals';
import { readCues } from '../../../core/subtitles/read-cues.ts';

const read = (text: string | Buffer, language?: string) =>
  readCues(typeof text === 'string' ? Buffer.from(text) : text, { language, filmSeconds: 60 });
const cue = (startSeconds: number, endSeconds: number, text: string) => ({ startSeconds, endSeconds, text });

describe('the cues of a text', () => {
  it.each([
    {
      what: 'SubRip',
      text: '1\n00:00:01,000 --> 00:00:02,500\nOne\nTwo\n\n2\n00:00:03,000 --> 00:00:04,000\nThree',
      cues: [cue(1, 2.5, 'One\nTwo'), cue(3, 4, 'Three')],
    },
    {
      what: 'WebVTT',
      text: 'WEBVTT\n\nNOTE hello\n\nid\n00:01.000 --> 00:02.000 align:start\n<b>One</b>\n',
      cues: [cue(1, 2, '<b>One</b>')],
      leftOut: 'where 1 of its texts stand in the picture is left out',
    },
    {
      what: 'WebVTT with styles and a region of its own',
      text: 'WEBVTT\r\n\r\nSTYLE\r\n::cue{color:red}\r\n\r\nREGION\r\nid:a\r\n\r\n00:01.000 --> 00:02.000\r\nOne\r\n',
      cues: [cue(1, 2, 'One')],
      leftOut: 'its styles (STYLE) are left out; its regions (REGION) are left out',
    },
    {
      what: 'WebVTT with the styles that ours has, too',
      text: 'WEBVTT\n\nSTYLE\n::cue(.red) { color: red }\n\n00:01.000 --> 00:02.000\n<c.red>One</c>\n\n00:03.000 --> 00:04.000\nSTYLE\nis a word here\n',
      cues: [cue(1, 2, '<c.red>One</c>'), cue(3, 4, 'STYLE\nis a word here')],
    },
    {
      what: 'a text of DOS without an end',
      text: '1\r\n00:00:01,000 --> 00:00:02,000\r\nOne',
      cues: [cue(1, 2, 'One')],
    },
    {
      what: 'cues that are not in order',
      text: '00:00:03,0 --> 00:00:04,0\nb\n\n00:00:01,0 --> 00:00:02,0\na\n',
      cues: [cue(1, 2, 'a'), cue(3, 4, 'b')],
    },
    {
      what: 'a cue that does not end with the film',
      text: '00:00:01,000 --> 99:59:59,000\na\n',
      cues: [cue(1, 60, 'a')],
    },
    {
      what: 'cues behind the film, of no length and without a word',
      text: '00:01:01,0 --> 00:01:02,0\na\n\n00:00:02,0 --> 00:00:02,0\nb\n\n00:00:03,0 --> 00:00:04,0\n\n00:00:05,0 --> 00:00:06,0\nc\n',
      cues: [cue(5, 6, 'c')],
      leftOut:
        'of its texts these are left out: 1 behind the end of the film, 1 without a length, or before its beginning',
    },
    {
      what: 'a last cue that nothing ends',
      text: '00:00:01,0 --> 00:00:02,0\na\n\n00:00:58,0 --> 00:00:58,0\nb\n',
      cues: [cue(1, 2, 'a'), cue(58, 60, 'b')],
    },
    { what: 'control characters', text: '00:00:01,0 --> 00:00:02,0\na\0\u001bb\n', cues: [cue(1, 2, 'ab')] },
  ])('are read from $what', ({ text, cues, leftOut }) => {
    expect(read(text)).toEqual({ cues, encoding: 'utf-8', ...(leftOut && { leftOut }) });
  });

  it.each([
    { encoding: 'utf-16le', text: Buffer.from('\ufeff00:00:01,0 --> 00:00:02,0\nÜ', 'utf16le'), says: 'Ü' },
    { encoding: 'utf-16be', text: Buffer.from('\ufeff00:00:01,0 --> 00:00:02,0\nÜ', 'utf16le').swap16(), says: 'Ü' },
    { encoding: 'windows-1252', text: Buffer.from('00:00:01,0 --> 00:00:02,0\nÜ', 'latin1'), says: 'Ü' },
    {
      encoding: 'windows-1252',
      text: Buffer.from('00:00:01,0 --> 00:00:02,0\nL\u0092\u009cuvre \u0096 5 \u0080 \u0085', 'latin1'),
      says: 'L’œuvre – 5 € …',
    },
    {
      encoding: 'windows-1250',
      language: 'cze',
      text: Buffer.from('00:00:01,0 --> 00:00:02,0\n\u00e8', 'latin1'),
      says: 'č',
    },
  ])('are read in $encoding', ({ encoding, text, language, says }) => {
    expect(read(text, language)).toEqual({ cues: [cue(1, 2, says)], encoding });
  });

  it.each([
    { what: 'nothing', text: '', problem: /^it has no text with times/ },
    {
      what: 'a playlist',
      text: '#EXTM3U\nfile:///etc/passwd\n',
      problem: /^it has no text with times/,
    },
    {
      what: 'one cue of 200,000 characters',
      text: `00:00:01,0 --> 00:00:02,0\n${'x'.repeat(200_000)}\n`,
      problem: /200000 characters long; the most is 4000/,
    },
    {
      what: 'a cue behind the film',
      text: '00:02:00,0 --> 00:02:01,0\na\n',
      problem: /whose times lie within the film/,
    },
    { what: 'too many cues', text: '00:00:01,0 --> 00:00:02,0\nx\n\n'.repeat(100_001), problem: /more than 100000/ },
  ])('are not taken from $what', ({ text, problem }) => {
    expect(read(text)).toEqual({ problem: expect.stringMatching(problem) });
  });

  it.each([
    { settings: 'line:10% align:start', isKept: true },
    { settings: 'vertical:rl line:-1,end position:12.5%,line-left size:80%', isKept: true },
    { settings: 'region:top', isKept: false },
    { settings: 'line:10%\u0000 X1:3', isKept: false },
  ])('keep their places where that is asked for and possible: $settings', ({ settings, isKept }) => {
    const bytes = Buffer.from(`WEBVTT\n\n00:01.000 --> 00:02.000 ${settings}\nOne\n`);
    expect(readCues(bytes, { language: undefined, filmSeconds: 60, keepsPlaces: true })).toEqual({
      cues: [{ ...cue(1, 2, 'One'), ...(isKept && { settings }) }],
      encoding: 'utf-8',
      ...(!isKept && { leftOut: 'where 1 of its texts stand in the picture is left out' }),
    });
  });
});
