/** What tesseract made of one picture. */
export type RecognisedPicture = {
  /** Lines; empty where it saw no words. */
  readonly text: string;
  /** Of each word, 0-100. */
  readonly confidences: readonly number[];
};

/** A word below this is counted as doubtful: tesseract is sure of clear print by 90 and more. */
export const DOUBTFUL_BELOW = 60;

const WORD = '5';

/** Tesseract's TSV of so many pictures, one a page. */
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

/** Nobody says "|": it is an I, which has no serifs in subtitles. A blank line or an arrow would end a cue. */
const cleaned = (word: string) => word.replaceAll('|', 'I').replaceAll('-->', '->');
