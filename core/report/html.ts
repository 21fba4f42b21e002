/** Markup that was written here, as against text that came from anywhere. */
export type Html = { readonly markup: string };

type Part = string | number | Html | readonly Html[] | undefined;

/** A template whose every part is escaped, unless it is markup itself: nobody has to remember to. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const written = parts.map((part, i) => `${markupOf(part)}${strings[i + 1] ?? ''}`);
  return { markup: `${strings[0] ?? ''}${written.join('')}` };
}

function markupOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** For text and for attributes in double quotes. What cannot be seen in a name, or would turn it around, is made visible. */
export function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/\p{Cc}/gu, controlPicture)
    .replace(/[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\p{Noncharacter_Code_Point}]/gu, '\ufffd')
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}

/** Unicode has a picture for each of ASCII's: a line feed is shown as one sign, not as a new line. */
function controlPicture(character: string): string {
  const code = character.charCodeAt(0);
  return code > 0x7f ? '\ufffd' : String.fromCharCode(code === 0x7f ? 0x2421 : 0x2400 + code);
}

/** A link to a file beside the page; never an address, whatever the name says. */
export const hrefOf = (path: string) => `./${path.toWellFormed().split('/').map(encodeURIComponent).join('/')}`;
