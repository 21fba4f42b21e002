/** An element of XML: its name and its attributes without their prefixes, and what it holds. */
export type XmlElement = {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly (XmlElement | string)[];
};

/** Nothing that people write lies deeper, or has more elements. */
const MOST_DEPTH = 50;
const MOST_ELEMENTS = 200_000;

/**
 * Reads a document of XML, by one pass over its characters. Nothing is fetched and nothing is declared: a document with a type of its own
 * (DOCTYPE) is not read, and of characters by name only XML's five are known. Undefined where it is no document, or too deep or too large.
 */
export function xmlElements(text: string): XmlElement | undefined {
  const root: Open = { name: '', attributes: new Map(), children: [] };
  const open: Open[] = [root];
  let [at, count] = [0, 0];
  const add = (child: Open | string) => open.at(-1)?.children.push(child);
  while (at < text.length) {
    const next = text.indexOf('<', at);
    if (next !== at) add(decoded(text.slice(at, next < 0 ? text.length : next)));
    if (next < 0) break;
    const [mark, end = ''] = MARKS.find(([begin]) => text.startsWith(begin, next)) ?? ['<', '>'];
    const closes = mark === '<' ? endOfTag(text, next) : text.indexOf(end, next + mark.length);
    if (closes < 0 || mark === '<!') return undefined;
    at = closes + end.length;
    if (mark === '<![CDATA[') add(text.slice(next + mark.length, closes));
    if (mark === '</' && open.length > 1) open.pop();
    if (mark !== '<') continue;
    if (++count > MOST_ELEMENTS || open.length > MOST_DEPTH) return undefined;
    const tag = text.slice(next + 1, closes);
    const element = elementOf(tag);
    add(element);
    if (!tag.endsWith('/')) open.push(element);
  }
  return root.children.find((child): child is Open => typeof child !== 'string');
}

type Open = { readonly name: string; readonly attributes: Map<string, string>; readonly children: (Open | string)[] };

/** How what is no element begins and ends; what begins with `<!` otherwise declares something. */
const MARKS = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
  ['<!', '>'],
  ['</', '>'],
] as const;

/** The end of a tag, whose attributes may have a greater-than sign; below 0 where there is none. */
function endOfTag(text: string, from: number): number {
  let quote = '';
  for (let at = from + 1; at < text.length; at++) {
    const letter = text[at] ?? '';
    if (quote !== '') quote = letter === quote ? '' : quote;
    else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === '>') return at;
  }
  return -1;
}

const ATTRIBUTE = /([^\s=<>/"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

function elementOf(tag: string): Open {
  const [name = ''] = /^[^\s/]+/.exec(tag) ?? [];
  const attributes = new Map<string, string>();
  for (const [, key = '', double, single] of tag.slice(name.length).matchAll(ATTRIBUTE))
    attributes.set(local(key), decoded(double ?? single ?? ''));
  return { name: local(name), attributes, children: [] };
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const decoded = (text: string): string =>
  text.replace(/&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\da-f]{1,6}));/gi, (whole, name, decimal, hexadecimal) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
    return code > 0 && code <= 0x10_ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : '\ufffd';
  });
