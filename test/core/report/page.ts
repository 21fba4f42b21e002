import { type DefaultTreeAdapterTypes, html, type ParserError, parse, serialize } from 'parse5';

type Element = DefaultTreeAdapterTypes.Element;

/** A page as a browser reads it. */
export function read(markup: string) {
  const errors: ParserError[] = [];
  const document = parse(markup, { onParseError: (error) => errors.push(error) });
  const elements = [...elementsOf(document)];
  return {
    errors: errors.map(({ code, startLine, startCol }) => `${code} at ${startLine}:${startCol}`),
    /** The tree written out again: equal to the markup only if no tag was moved, closed or added by the parser. */
    again: serialize(document),
    text: textOf(document),
    elements,
    named: (name: string) => elements.filter(({ tagName }) => tagName === name),
    classed: (name: string) => elements.filter((element) => attribute(element, 'class')?.split(' ').includes(name)),
  };
}

export const attribute = ({ attrs }: Element, name: string) => attrs.find((each) => each.name === name)?.value;

export function textOf(node: DefaultTreeAdapterTypes.Node): string {
  if (node.nodeName === '#text' && 'value' in node) return node.value;
  if (!('childNodes' in node) || node.nodeName === html.TAG_NAMES.STYLE) return '';
  return node.childNodes.map(textOf).join('');
}

function* elementsOf(node: DefaultTreeAdapterTypes.Node): Generator<Element> {
  if ('tagName' in node) yield node;
  if ('childNodes' in node) for (const child of node.childNodes) yield* elementsOf(child);
}
