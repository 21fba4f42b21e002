/** What a film says of its colours by a code of ITU-T H.273: primaries (table 2), transfer (table 3) and matrix (table 4). */
export type ColourField = 'primaries' | 'transfer' | 'matrix';

/** In the order in which containers and codecs write them. */
export const COLOUR_FIELDS = ['primaries', 'transfer', 'matrix'] as const satisfies readonly ColourField[];

/** The options of ffmpeg's filter setparams. */
export const SETPARAMS = {
  primaries: 'color_primaries',
  transfer: 'color_trc',
  matrix: 'colorspace',
} as const satisfies Readonly<Record<ColourField, string>>;

/** The code that says nothing. */
export const UNSPECIFIED = 2;

/** H.273's codes by ffmpeg's names. What is not here is reserved, or has no name in the oldest ffmpeg that is used. */
const NAMES: Readonly<Record<ColourField, ReadonlyMap<number, string>>> = {
  primaries: names(
    '1 bt709, 4 bt470m, 5 bt470bg, 6 smpte170m, 7 smpte240m, 8 film, 9 bt2020, 10 smpte428, 11 smpte431, 12 smpte432, 22 ebu3213',
  ),
  transfer: names(
    '1 bt709, 4 bt470m, 5 bt470bg, 6 smpte170m, 7 smpte240m, 8 linear, 9 log100, 10 log316, 11 iec61966-2-4, 12 bt1361e, 13 iec61966-2-1, 14 bt2020-10, 15 bt2020-12, 16 smpte2084, 17 smpte428, 18 arib-std-b67',
  ),
  matrix: names(
    '0 gbr, 1 bt709, 4 fcc, 5 bt470bg, 6 smpte170m, 7 smpte240m, 8 ycgco, 9 bt2020nc, 10 bt2020c, 11 smpte2085, 12 chroma-derived-nc, 13 chroma-derived-c, 14 ictcp',
  ),
};

function names(list: string): ReadonlyMap<number, string> {
  return new Map(
    list.split(', ').map((each) => {
      const [code = '', name = ''] = each.split(' ');
      return [Number(code), name] as const;
    }),
  );
}

/** Returns ffmpeg's name of a code; undefined for the code that says nothing and for codes that mean nothing. */
export const nameOfCode = (what: ColourField, code: number): string | undefined => NAMES[what].get(code);

/** Whether a word of ffprobe is the name of a code that means something. */
export const isNamed = (what: ColourField, name: string): boolean => [...NAMES[what].values()].includes(name);
