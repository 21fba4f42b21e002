import { describe, expect, it } from '@jest/globals';
import { decodedText } from '../../../core/subtitles/decoded-text.ts';

const TIMES = '1\n00:00:01,000 --> 00:00:02,000\n';

const WORDS = [
  { language: 'lit', encoding: 'windows-1257', hex: '41e869fb206c6162616920fee0736973', says: 'Ačiū labai žąsis' },
  { language: 'lav', encoding: 'windows-1257', hex: '70616c646965732c206de27465', says: 'paldies, māte' },
  { language: 'est', encoding: 'windows-1257', hex: '74e46e616e20f568747520f06f6b6b', says: 'tänan õhtu šokk' },
  { language: 'tha', encoding: 'windows-874', hex: 'cac7d1cab4d5', says: 'สวัสดี' },
  { language: 'bel', encoding: 'windows-1251', hex: 'e4e7ffeaf3e920e2ffebb3eab3', says: 'дзякуй вялікі' },
  { language: 'mkd', encoding: 'windows-1251', hex: 'e1ebe0e3eee4e0f0e0ec2083e0e2eeeb', says: 'благодарам ѓавол' },
  { language: 'per', encoding: 'windows-1256', hex: 'd3e1c7e3', says: 'سلام' },
  { language: 'urd', encoding: 'windows-1256', hex: 'd498d120c0ff', says: 'شکر ہے' },
  { language: 'bos', encoding: 'windows-1250', hex: '6876616c6120e86f766a65e865', says: 'hvala čovječe' },
  {
    language: 'alb',
    encoding: 'windows-1250',
    hex: '66616c656d696e6465726974207368756deb',
    says: 'faleminderit shumë',
  },
  { language: 'jpn', encoding: 'shift_jis', hex: '82b182f182c982bf82cd90a28a45', says: 'こんにちは世界' },
  { language: 'jpn', encoding: 'euc-jp', hex: 'a4b3a4f3a4cba4c1a4cfc0a4b3a6', says: 'こんにちは世界' },
  { language: 'jpn', encoding: 'iso-2022-jp', hex: '1b244224332473244b2441244f402433261b2842', says: 'こんにちは世界' },
  {
    language: 'chi',
    encoding: 'gb18030',
    hex: 'c4e3bac3a3accac0bde7a1a3ced2c3c7d7dfb0c9',
    says: '你好，世界。我们走吧',
  },
  { language: 'chi', encoding: 'gb18030', hex: 'df40d1659b5dd3d0c8cbd566d492', says: '這裡沒有人說話' },
  { language: 'chi', encoding: 'gb18030', hex: '9534b235d2b0bcd28139ef31', says: '𠮷野家㐂' },
  { language: 'chi', encoding: 'big5', hex: 'a741a66ea141a540acc9a143a7daadcca8aba761', says: '你好，世界。我們走吧' },
  { language: 'chi', encoding: 'big5', hex: 'a4a4a4e5', says: '中文' },
  {
    language: 'rus',
    encoding: 'windows-1251',
    hex: 'ddf2ee20ede520f1eeed2c20e020e4eee6e4fc20e8e4b8f220eaeef2eef0fbe920e4e5edfc',
    says: 'Это не сон, а дождь идёт который день',
  },
  {
    language: 'rus',
    encoding: 'koi8-r',
    hex: 'fcd4cf20cec520d3cfce2c20c120c4cfd6c4d820c9c4a3d420cbcfd4cfd2d9ca20c4c5ced8',
    says: 'Это не сон, а дождь идёт который день',
  },
  {
    language: 'rus',
    encoding: 'ibm866',
    hex: '9de2ae20ada520e1aead2c20a020a4aea6a4ec20a8a4f1e220aaaee2aee0eba920a4a5adec',
    says: 'Это не сон, а дождь идёт который день',
  },
  {
    language: 'rus',
    encoding: 'koi8-r',
    hex: 'fcf4ef20eee520f3efee2c20e120e4eff6e4f820e9e4b3f420ebeff4eff2f9ea20e4e5eef8',
    says: 'ЭТО НЕ СОН, А ДОЖДЬ ИДЁТ КОТОРЫЙ ДЕНЬ',
  },
  {
    language: 'rus',
    encoding: 'windows-1251',
    hex: 'ddd2ce20cdc520d1cecd2c20c020c4cec6c4dc20c8c4a8d220caced2ced0dbc920c4c5cddc',
    says: 'ЭТО НЕ СОН, А ДОЖДЬ ИДЁТ КОТОРЫЙ ДЕНЬ',
  },
  { language: 'rus', encoding: 'windows-1251', hex: 'cfeee921', says: 'Пой!' },
  {
    language: 'ukr',
    encoding: 'koi8-u',
    hex: 'eea6c8d4cf20cec520dacec1a42c20cbcfccc920cec1d3d4c1cec520d2c1cecfcb',
    says: 'Ніхто не знає, коли настане ранок',
  },
  {
    language: 'ukr',
    encoding: 'windows-1251',
    hex: 'cdb3f5f2ee20ede520e7ede0ba2c20eaeeebe820ede0f1f2e0ede520f0e0edeeea',
    says: 'Ніхто не знає, коли настане ранок',
  },
  { language: 'est', encoding: 'windows-1252', hex: '749a656b696e2c209efc726969', says: 'tšekin, žürii' },
  { language: 'est', encoding: 'windows-1252', hex: '8e616e72', says: 'Žanr' },
  { language: 'est', encoding: 'windows-1257', hex: '74f0656b696e2c20fefc726969', says: 'tšekin, žürii' },
  { language: 'jpn', encoding: 'shift_jis', hex: '834183438345', says: 'アイウ' },
  { language: 'jpn', encoding: 'shift_jis', hex: '889f', says: '亜' },
  { language: 'jpn', encoding: 'euc-jp', hex: 'a5a2a5a4a5a6', says: 'アイウ' },
  {
    language: 'kor',
    encoding: 'windows-949',
    hex: '8c63b9e6b0a2c7cfbfcd20bc84bdc3c4ddb6f3',
    says: '똠방각하와 펲시콜라',
  },
  { language: 'kor', encoding: 'windows-949', hex: 'a2e68141a0fea141c652', says: '€갂좤좥힣' },
  { language: 'kor', encoding: 'windows-949', hex: 'bec8b3e7c7cfbcbcbfe4', says: '안녕하세요' },
];

/** A text as units of 2 or 4 bytes, without a mark at its beginning. */
function wide(text: string, { bytes, isLittle }: { readonly bytes: 2 | 4; readonly isLittle: boolean }): Buffer {
  const units =
    bytes === 2
      ? Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))
      : Array.from(text, (each) => each.codePointAt(0) ?? 0);
  return Buffer.concat(
    units.map((unit) => {
      const one = Buffer.alloc(bytes);
      if (isLittle) one.writeUIntLE(unit, 0, bytes);
      else one.writeUIntBE(unit, 0, bytes);
      return one;
    }),
  );
}

describe('the text of a file of subtitles', () => {
  it.each(WORDS)('is read in the encoding of its language: $language, $encoding, $says', ({ hex, says, ...rest }) => {
    const bytes = Buffer.concat([Buffer.from(TIMES), Buffer.from(hex, 'hex'), Buffer.from('\n')]);
    const { language, encoding } = rest;
    expect(decodedText(bytes, language)).toEqual({ text: `${TIMES}${says}\n`, encoding });
  });

  it.each([
    { encoding: 'utf-16le', bytes: 2, isLittle: true },
    { encoding: 'utf-16be', bytes: 2, isLittle: false },
    { encoding: 'utf-32le', bytes: 4, isLittle: true },
    { encoding: 'utf-32be', bytes: 4, isLittle: false },
  ] as const)('is read in $encoding, with a mark and without one', ({ encoding, ...units }) => {
    for (const words of ['Žąsis', '你好，世界。我们走吧', '😀']) {
      const text = `${TIMES}${words}\n`;
      expect(decodedText(wide(text, units), 'lit')).toEqual({ text, encoding });
      expect(decodedText(wide(`\ufeff${text}`, units), 'lit')).toEqual({ text, encoding });
    }
  });

  it('is read in Unicode where it is that, whatever its language', () => {
    expect(decodedText(Buffer.from('Žąsis\0'), 'chi')).toEqual({ text: 'Žąsis\0', encoding: 'utf-8' });
    expect(decodedText(Buffer.alloc(0), 'chi')).toEqual({ text: '', encoding: 'utf-8' });
  });

  it('is read in the encoding that has most of its bytes, where none has all', () => {
    const bytes = Buffer.concat([Buffer.from('82b182f182c982bf82cd', 'hex'), Buffer.from([0xff]), Buffer.from('\n')]);
    expect(decodedText(bytes, 'jpn')).toMatchObject({
      encoding: 'shift_jis',
      text: expect.stringMatching(/^こんにちは/),
    });
  });
});
