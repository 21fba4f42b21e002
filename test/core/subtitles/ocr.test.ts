import { describe, expect, it } from '@jest/globals';
import type { Stream } from '../../../core/film/probe.ts';
import { ocrPlans, refuseMissingOcr } from '../../../core/subtitles/ocr.ts';
import { parseTesseractTsv } from '../../../core/subtitles/recognised.ts';
import { displayTimes, srt } from '../../../core/subtitles/srt.ts';
import { tesseractLanguage } from '../../../core/subtitles/tesseract-language.ts';

const english = { version: '5.3.0', languages: ['eng', 'fra'] };

const stream = (index: number, codec: string, language?: string) => ({
  stream: { index, type: 'subtitle', codec, tags: language === undefined ? {} : { language } } as unknown as Stream,
  fate: 'kept' as const,
  why: '',
  codecArgs: undefined,
  sidecar: undefined,
});

describe('the OCR plan of a stream', () => {
  it.each([
    { is: 'of pictures, in its own language', ocr: 'auto', codec: 'hdmv_pgs_subtitle', tag: 'eng', found: 'eng' },
    {
      is: "of pictures, in a disc's name of its language",
      ocr: 'auto',
      codec: 'dvd_subtitle',
      tag: 'fre',
      found: 'fra',
    },
    {
      is: 'of pictures, in the language that was asked for',
      ocr: 'fra',
      codec: 'dvb_subtitle',
      tag: 'eng',
      found: 'fra',
    },
    { is: 'of pictures, in several', ocr: 'eng+fra', codec: 'dvb_subtitle', tag: undefined, found: 'eng+fra' },
  ])('is $is', ({ ocr, codec, tag, found }) => {
    const plans = ocrPlans([stream(3, codec, tag)], { ocr }, english);
    expect(plans).toEqual([expect.objectContaining({ language: found, sidecar: 'stream-3.ocr.srt' })]);
  });

  it.each([
    { is: 'text already', codec: 'subrip', ocr: 'auto' },
    { is: 'of pictures where nobody wants it', codec: 'dvd_subtitle', ocr: 'none' },
  ])('is absent where $is', ({ codec, ocr }) => {
    expect(ocrPlans([stream(3, codec, 'eng')], { ocr }, english)).toEqual([]);
  });

  it.each([
    { lacks: 'tesseract', tool: undefined, tag: 'eng', says: 'not installed' },
    { lacks: 'its language', tool: english, tag: 'ger', says: 'tesseract-ocr-deu' },
    { lacks: 'a tag', tool: english, tag: undefined, says: 'with ocr=' },
    { lacks: 'a language', tool: english, tag: 'und', says: 'with ocr=' },
  ])('says why where the machine or the stream lacks $lacks', ({ tool, tag, says }) => {
    const plans = ocrPlans([stream(3, 'dvd_subtitle', tag)], { ocr: 'auto' }, tool);
    expect(plans).toEqual([expect.objectContaining({ language: undefined, why: expect.stringContaining(says) })]);
  });

  it('is refused where a language is named that is not installed', () => {
    expect(() => refuseMissingOcr({ ocr: 'eng+chi_sim' }, english)).toThrow(
      expect.objectContaining({ code: 'missing-tool', message: expect.stringContaining('tesseract-ocr-chi-sim') }),
    );
    expect(() => refuseMissingOcr({ ocr: 'eng' }, undefined)).toThrow(
      expect.objectContaining({ code: 'missing-tool' }),
    );
    for (const ocr of ['auto', 'none']) expect(refuseMissingOcr({ ocr }, undefined)).toBeUndefined();
    expect(refuseMissingOcr({ ocr: 'eng+fra' }, english)).toBeUndefined();
  });
});

it.each([
  ['en', 'eng'],
  ['en-GB', 'eng'],
  ['ger', 'deu'],
  ['chi', 'chi_sim'],
  ['zh-Hant', 'chi_tra'],
  ['dan', 'dan'],
  ['und', undefined],
  ['', undefined],
  [undefined, undefined],
])('the language tag %s means %s to tesseract', (tag, name) => {
  expect(tesseractLanguage(tag)).toBe(name);
});

describe("tesseract's output", () => {
  const row = (page: number, line: number, confidence: number, word: string) =>
    ['5', page, 1, 1, line, 1, 0, 0, 9, 9, confidence, word].join('\t');

  it('is read page by page, line by line', () => {
    const head = 'level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext';
    const tsv = [
      head,
      '1\t1\t0\t0\t0\t0\t0\t0\t9\t9\t-1\t',
      row(1, 1, 96.5, '|'),
      row(1, 1, 50, 'am'),
      row(1, 2, 90, 'here.'),
    ];
    const rows = [...tsv, row(1, 2, 95, ' '), row(3, 1, 91, '-->'), row(9, 1, 90, 'beyond')];
    expect(parseTesseractTsv(rows.join('\n'), 3)).toEqual([
      { text: 'I am\nhere.', confidences: [96.5, 50, 90] },
      { text: '', confidences: [] },
      { text: '->', confidences: [91] },
    ]);
  });
});

describe('a subtitle picture is shown', () => {
  const picture = (startSeconds: number, endSeconds?: number) => ({ startSeconds, endSeconds, isBlank: false });
  const blank = (startSeconds: number) => ({ startSeconds, endSeconds: undefined, isBlank: true });

  it.each([
    { until: 'its own end', events: [picture(1, 2), picture(4, 5)], ends: [2, 5] },
    { until: 'the next one comes', events: [picture(1, 9), picture(4, 5)], ends: [4, 5] },
    { until: 'it is taken away', events: [picture(1), blank(3), picture(4), blank(6)], ends: [3, 6] },
    { until: 'five seconds have gone, if nothing takes it away', events: [picture(1)], ends: [6] },
  ])('until $until', ({ events, ends }) => {
    expect(displayTimes(events).map(({ endSeconds }) => endSeconds)).toEqual(ends);
  });

  it('as one cue with another picture of the same words right after it, and not without words', () => {
    const cues = [
      { startSeconds: 1, endSeconds: 2, text: 'One' },
      { startSeconds: 2.01, endSeconds: 3.5, text: 'One' },
      { startSeconds: 4, endSeconds: 5, text: '' },
      { startSeconds: 3725.25, endSeconds: 3726, text: 'Two\nlines' },
    ];
    expect(srt(cues)).toBe('1\n00:00:01,000 --> 00:00:03,500\nOne\n\n2\n01:02:05,250 --> 01:02:06,000\nTwo\nlines\n');
  });
});
