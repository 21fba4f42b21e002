import { createHash } from 'node:crypto';
import { type Html, html } from './html.ts';

type PageParts = {
  readonly title: string;
  readonly style: string;
  /** A script of ours; its text goes into the markup as it is. */
  readonly script?: string | undefined;
  /** Where pictures may come from: `data:` for those inside the page, `'self'` for files beside it. */
  readonly pictures?: string | undefined;
  /** Modules beside the page that it loads. */
  readonly modules?: readonly string[];
  /** What else the page may do, as directives of a content security policy. */
  readonly policies?: readonly string[];
  readonly body: Html;
};

/**
 * Returns a page in one file. Its content security policy allows this style sheet, this script and these pictures, by their
 * hashes, and nothing more, in case an escape is ever missed.
 */
export function pageOf({ title, style, script, pictures, modules = [], policies = [], body }: PageParts): string {
  const policy = [
    "default-src 'none'",
    ...(pictures === undefined ? [] : [`img-src ${pictures}`]),
    `style-src ${hashed(style)}`,
    ...(script === undefined ? [] : [`script-src ${hashed(script)}${modules.length > 0 ? " 'self'" : ''}`]),
    ...policies,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const page = html`<!DOCTYPE html><html lang="en"><head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${{ markup: style }}</style>
</head>
<body>
${body}
${script === undefined ? undefined : { markup: `<script>${script}</script>\n` }}${modules.map((src) => html`<script type="module" src="${src}"></script>\n`)}</body></html>`;
  return page.markup;
}

const hashed = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
