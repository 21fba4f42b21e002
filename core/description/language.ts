/** The codes of ISO 639-1, and the codes of the same languages in ISO 639-2/T. */
const SHORT = pairs(`
  aa:aar ab:abk ae:ave af:afr ak:aka am:amh an:arg ar:ara as:asm av:ava ay:aym az:aze ba:bak be:bel bg:bul bh:bih
  bi:bis bm:bam bn:ben bo:bod br:bre bs:bos ca:cat ce:che ch:cha co:cos cr:cre cs:ces cu:chu cv:chv cy:cym da:dan
  de:deu dv:div dz:dzo ee:ewe el:ell en:eng eo:epo es:spa et:est eu:eus fa:fas ff:ful fi:fin fj:fij fo:fao fr:fra
  fy:fry ga:gle gd:gla gl:glg gn:grn gu:guj gv:glv ha:hau he:heb hi:hin ho:hmo hr:hrv ht:hat hu:hun hy:hye hz:her
  ia:ina id:ind ie:ile ig:ibo ii:iii ik:ipk io:ido is:isl it:ita iu:iku ja:jpn jv:jav ka:kat kg:kon ki:kik kj:kua
  kk:kaz kl:kal km:khm kn:kan ko:kor kr:kau ks:kas ku:kur kv:kom kw:cor ky:kir la:lat lb:ltz lg:lug li:lim ln:lin
  lo:lao lt:lit lu:lub lv:lav mg:mlg mh:mah mi:mri mk:mkd ml:mal mn:mon mr:mar ms:msa mt:mlt my:mya na:nau nb:nob
  nd:nde ne:nep ng:ndo nl:nld nn:nno no:nor nr:nbl nv:nav ny:nya oc:oci oj:oji om:orm or:ori os:oss pa:pan pi:pli
  pl:pol ps:pus pt:por qu:que rm:roh rn:run ro:ron ru:rus rw:kin sa:san sc:srd sd:snd se:sme sg:sag si:sin sk:slk
  sl:slv sm:smo sn:sna so:som sq:sqi sr:srp ss:ssw st:sot su:sun sv:swe sw:swa ta:tam te:tel tg:tgk th:tha ti:tir
  tk:tuk tl:tgl tn:tsn to:ton tr:tur ts:tso tt:tat tw:twi ty:tah ug:uig uk:ukr ur:urd uz:uzb ve:ven vi:vie vo:vol
  wa:wln wo:wol xh:xho yi:yid yo:yor za:zha zh:zho zu:zul
`);

/** The bibliographic codes of ISO 639-2/B, which Matroska and discs use, and the codes of the same languages in ISO 639-2/T. */
const BIBLIOGRAPHIC = pairs(`
  alb:sqi arm:hye baq:eus bur:mya chi:zho cze:ces dut:nld fre:fra geo:kat ger:deu gre:ell ice:isl mac:mkd mao:mri
  may:msa per:fas rum:ron slo:slk tib:bod wel:cym
`);

/** The languages of ISO 639-2 that have no code of two letters. */
const LONG = new Set(
  `
  ace ach ada ady afa afh ain akk ale alg alt ang anp apa arc arn arp art arw ast ath aus awa bad bai bal ban bas
  bat bej bem ber bho bik bin bla bnt bra btk bua bug byn cad cai car cau ceb cel chb chg chk chm chn cho chp chr
  chy cmc cnr cop cpe cpf cpp crh crp csb cus dak dar day del den dgr din doi dra dsb dua dum dyu efi egy eka elx
  enm ewo fan fat fil fiu fon frm fro frr frs fur gaa gay gba gem gez gil gmh goh gon gor got grb grc gsw gwi hai
  haw hil him hit hmn hsb hup iba ijo ilo inc ine inh ira iro jbo jpr jrb kaa kab kac kam kar kaw kbd kha khi kho
  kmb kok kos kpe krc krl kro kru kum kut lad lah lam lez lol loz lua lui lun luo lus mad mag mai mak man map mas
  mdf mdr men mga mic min mis mkh mnc mni mno moh mos mul mun mus mwl mwr myn myv nah nai nap nds new nia nic niu
  nog non nqo nso nub nwc nym nyn nyo nzi osa ota oto paa pag pal pam pap pau peo phi phn pon pra pro raj rap rar
  roa rom rup sad sah sai sal sam sas sat scn sco sel sem sga sgn shn sid sio sit sla sma smi smj smn sms snk sog
  son srn srr ssa suk sus sux syc syr tai tem ter tet tig tiv tkl tlh tli tmh tog tpi tsi tum tup tut tvl tyv udm
  uga umb vai vot wak wal war was wen xal yao yap ypk zap zbl zen zgh znd zun zxx zza
`
    .trim()
    .split(/\s+/),
);

/** Languages of ISO 639-3 alone by which films and their subtitles are named. MP4 takes any three letters, Matroska a tag of BCP 47. */
const PARTS = 'acm afb ajp apc arb ary arz cmn ekk hak khk lvs nan pes pnb prs swh wuu yue zsm'.split(' ');

const THREE_LETTERS = new Set([...SHORT.values(), ...LONG, ...PARTS]);

/** Returns the three letters of ISO 639-2/T, which MP4 uses, for a tag like "en", "en-US", "eng" or "ger"; undefined if it names no language. */
export function iso639(tag: string | undefined): string | undefined {
  const [primary = ''] = (tag ?? '').toLowerCase().split(/[-_]/);
  const code = SHORT.get(primary) ?? BIBLIOGRAPHIC.get(primary) ?? primary;
  return THREE_LETTERS.has(code) ? code : undefined;
}

/** Returns the ISO 639-2/B code where the language has one, else its 639-2/T code. QuickTime uses these codes. */
export function bibliographic(tag: string | undefined): string | undefined {
  const code = iso639(tag);
  for (const [before, after] of BIBLIOGRAPHIC) if (after === code) return before;
  return code;
}

/** Returns a language as BCP 47 writes it, by the shortest code that it has: "pt-BR" for "por-BR", "fr" for "fra" and "fre". */
export function shortest(tag: string): string {
  const [primary = '', ...others] = tag.split(/[-_]/);
  const code = iso639(primary);
  const short = [...SHORT].find(([, long]) => long === code)?.[0];
  return [short ?? code ?? primary, ...others].join('-');
}

/**
 * Returns a language as playlists name it: three letters, or as BCP 47 writes it where it has a script or a region, by which players
 * choose: "pt-BR", "zh-Hant". What is no tag has no more than its letters.
 */
export const streamedLanguage = (tag: string | undefined): string | undefined =>
  tag !== undefined && /[-_]/.test(tag) && isLanguageTag(tag) ? shortest(tag) : iso639(tag);

/** Whether the text is a language tag, like "eng", "pt-BR" or "zh-Hant-TW". */
export const isLanguageTag = (text: string): boolean =>
  /^[a-z]{2,3}([-_][a-z0-9]{2,8}){0,3}$/i.test(text) && iso639(text) !== undefined;

/** Whether a stream's language matches the requested one: "pt" matches "por" and "pt-BR", "pt-BR" only matches "pt-BR". */
export function isLanguage(tag: string | undefined, asked: string): boolean {
  if (asked.toLowerCase() === UNKNOWN) return iso639(tag) === undefined;
  const there = subtags(tag ?? '');
  return iso639(tag) === iso639(asked) && subtags(asked).every((each) => there.includes(each));
}

/** The code that requests streams without a language. */
export const UNKNOWN = 'und';

const subtags = (tag: string) => tag.toLowerCase().split(/[-_]/).slice(1);

function pairs(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .trim()
      .split(/\s+/)
      .map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]),
  );
}
