/** Languages whose name in ISO 639-2/B, as Matroska and discs have it, is not tesseract's. */
const BIBLIOGRAPHIC: Readonly<Record<string, string>> = {
  ...{ alb: 'sqi', arm: 'hye', baq: 'eus', bur: 'mya', chi: 'chi_sim', cze: 'ces', dut: 'nld', fre: 'fra', geo: 'kat' },
  ...{ ger: 'deu', gre: 'ell', ice: 'isl', mac: 'mkd', may: 'msa', per: 'fas', rum: 'ron', slo: 'slk', tib: 'bod' },
  ...{ wel: 'cym', zho: 'chi_sim' },
};

/** Of two letters, as in BCP 47, those that subtitles are most often in. */
const SHORT: Readonly<Record<string, string>> = {
  ...{ ar: 'ara', bg: 'bul', cs: 'ces', da: 'dan', de: 'deu', el: 'ell', en: 'eng', es: 'spa', et: 'est', fa: 'fas' },
  ...{ fi: 'fin', fr: 'fra', he: 'heb', hi: 'hin', hr: 'hrv', hu: 'hun', id: 'ind', is: 'isl', it: 'ita', ja: 'jpn' },
  ...{ ko: 'kor', lt: 'lit', lv: 'lav', nl: 'nld', no: 'nor', pl: 'pol', pt: 'por', ro: 'ron', ru: 'rus', sk: 'slk' },
  ...{ sl: 'slv', sr: 'srp', sv: 'swe', th: 'tha', tr: 'tur', uk: 'ukr', vi: 'vie', zh: 'chi_sim' },
};

/** Tesseract's name of a stream's language; undefined where the stream does not say one. */
export function tesseractLanguage(tag: string | undefined): string | undefined {
  const [, language = '', script] = /^([a-z]{2,3})(?:-(hant))?/i.exec(tag ?? '') ?? [];
  const code = language.toLowerCase();
  if (code === '' || /^(und|mul|zxx|mis|q[a-t][a-z])$/.test(code)) return undefined;
  const name = SHORT[code] ?? BIBLIOGRAPHIC[code] ?? code;
  return name === 'chi_sim' && script ? 'chi_tra' : name;
}
