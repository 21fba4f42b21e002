import { nameOf } from '../path-parts.ts';
/**
 * Returns the Content-Disposition header of a download (RFC 6266): the last part of the key as it is, in UTF-8, and a plain
 * version of it for old clients.
 */
export function attachment(key: string): string {
  const name = nameOf(key).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}/\\]/gu, '_');
  const plain = name.replace(/[^\x20-\x7e]|["%]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
