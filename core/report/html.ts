/** Markup that was written in this code, unlike text from elsewhere, which has to be escaped. */
export type Html = { readonly markup: string };

type TemplatePart = string | number | Html | readonly Html[] | undefined;

/** A template tag that escapes every part unless it is markup already, so that no caller can forget to. */
export function html(strings: TemplateStringsArray, ...parts: readonly TemplatePart[]): Html {
  const written = parts.map((part, i) => `${markupOf(part)}${strings[i + 1] ?? ''}`);
  return { markup: `${strings[0] ?? ''}${written.join('')}` };
}

function markupOf(part: TemplatePart): string {
  if (part === undefined) return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * Escapes text for elements and for attributes in double quotes. Characters that are invisible, or change the reading
 * direction, are made visible.
 */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/\p{Cc}/gu, controlPicture)
    .replace(/[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\p{Noncharacter_Code_Point}]/gu, '\ufffd')
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}

/** Returns Unicode's picture of an ASCII control character: a line feed is shown as one sign, not as a new line. */
function controlPicture(character: string): string {
  const code = character.charCodeAt(0);
  return code > 0x7f ? '\ufffd' : String.fromCharCode(code === 0x7f ? 0x2421 : 0x2400 + code);
}

/** Returns a relative link to a file beside the page; a name that looks like a web address stays a file name. */
export const hrefOf = (path: string) => `./${path.toWellFormed().split('/').map(encodeURIComponent).join('/')}`;

/** Returns the last part of a path, which may end in a slash. */
export const fileName = (path: string) => path.slice(path.lastIndexOf('/', path.length - 2) + 1);
