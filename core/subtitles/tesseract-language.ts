/** Tesseract's names of languages that ISO 639-2/B, which Matroska and discs use, calls otherwise. */
const BIBLIOGRAPHIC = namesByCode(`
  alb=sqi arm=hye baq=eus bur=mya chi=chi_sim cze=ces dut=nld fre=fra geo=kat ger=deu gre=ell ice=isl mac=mkd
  may=msa per=fas rum=ron slo=slk tib=bod wel=cym zho=chi_sim
`);

/** Tesseract's names of the languages most frequent in subtitles, by their two-letter codes in BCP 47. */
const SHORT = namesByCode(`
  ar=ara bg=bul cs=ces da=dan de=deu el=ell en=eng es=spa et=est fa=fas fi=fin fr=fra he=heb hi=hin hr=hrv hu=hun
  id=ind is=isl it=ita ja=jpn ko=kor lt=lit lv=lav nl=nld no=nor pl=pol pt=por ro=ron ru=rus sk=slk sl=slv sr=srp
  sv=swe th=tha tr=tur uk=ukr vi=vie zh=chi_sim
`);

/**
 * Tesseract's name of a stream's language from its tag (`deu`, `en`, `zh-Hant`); undefined for a missing tag or one
 * that names no single language.
 */
export function tesseractLanguage(tag: string | undefined): string | undefined {
  const [, language = '', script] = /^([a-z]{2,3})(?:-(hant))?/i.exec(tag ?? '') ?? [];
  const code = language.toLowerCase();
  if (code === '' || /^(und|mul|zxx|mis|q[a-t][a-z])$/.test(code)) return undefined;
  const name = SHORT[code] ?? BIBLIOGRAPHIC[code] ?? code;
  return name === 'chi_sim' && script ? 'chi_tra' : name;
}

function namesByCode(table: string): Readonly<Record<string, string>> {
  const pairs = table.trim().split(/\s+/);
  return Object.fromEntries(
    pairs.map((pair) => {
      const [code = '', name = ''] = pair.split('=');
      return [code, name] as const;
    }),
  );
}
