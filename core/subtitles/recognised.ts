/** The text that tesseract recognised in one picture. */
export type RecognisedPicture = {
  /** The lines of text; empty if no word was recognised. */
  readonly text: string;
  /** The confidence of each word, 0-100. */
  readonly confidences: readonly number[];
};

/** A word with a confidence below this counts as doubtful; for clear print tesseract gives 90 and more. */
export const DOUBTFUL_BELOW = 60;

/** Tesseract's level of rows that hold a word. */
const WORD = '5';

/** The text of each picture from tesseract's TSV output, in which each picture is a page. */
export function parseTesseractTsv(tsv: string, pictures: number): readonly RecognisedPicture[] {
  const pages = Array.from({ length: pictures }, (): RecognisedPage => ({ lines: new Map(), confidences: [] }));
  for (const row of tsv.split('\n')) {
    const [level, page, block, paragraph, line, , , , , , confidence, ...text] = row.split('\t');
    const word = text.join('\t').trim();
    const on = pages[Number(page) - 1];
    if (level !== WORD || !on || word === '') continue;
    const at = [block, paragraph, line].join(' ');
    on.lines.set(at, [...(on.lines.get(at) ?? []), cleaned(word)]);
    on.confidences.push(Number(confidence));
  }
  return pages.map(({ lines, confidences }) => ({
    text: [...lines.values()].map((words) => words.join(' ')).join('\n'),
    confidences,
  }));
}

type RecognisedPage = { readonly lines: Map<string, string[]>; readonly confidences: number[] };

/** Replaces "|", which is a misread "I" without serifs, and arrows, which would break SubRip's syntax. */
const cleaned = (word: string) => word.replaceAll('|', 'I').replaceAll('-->', '->');
