import { usage } from '../errors.ts';

/**
 * Returns a test of paths for a pattern. `*` and `?` stay within one name, `**` reaches over folders, `[abc]` and `{a,b}` are
 * choices, and upper and lower case are the same. A pattern without `/` is tested against names at any depth; one that
 * ends in `/` stands for all that is in such a folder.
 */
export function globTest(pattern: string): (path: string) => boolean {
  if (pattern === '') throw usage('an empty pattern matches nothing; write one such as "*.mov" or "2019/**"');
  const isAnchored = pattern.replace(/\/$/, '').includes('/');
  const whole = (pattern.endsWith('/') ? `${pattern}**` : pattern).normalize('NFC');
  const source = `^${isAnchored ? '' : '(?:.*/)?'}${sourceOf(whole.replace(/^\//, ''), pattern)}$`;
  const regex = new RegExp(source, 'isu');
  return (path) => regex.test(path.normalize('NFC'));
}

function sourceOf(pattern: string, whole: string): string {
  let source = '';
  let depth = 0;
  for (let at = 0; at < pattern.length; ) {
    const rest = pattern.slice(at);
    const [token = ''] = /^(\*\*\/|\*\*|\*|\?|\[!?[^\]/]+\]|\\.|.)/su.exec(rest) ?? [];
    at += token.length;
    if (token === '{') depth++;
    if (token === '}' && depth-- === 0) throw unbalanced(whole);
    source += piece(token, depth);
  }
  if (depth !== 0) throw unbalanced(whole);
  return source;
}

function piece(token: string, depth: number): string {
  if (token === '**/') return '(?:[^/]+/)*';
  if (token === '**') return '.*';
  if (token === '*') return '[^/]*';
  if (token === '?') return '[^/]';
  if (token === '{') return '(?:';
  if (token === '}') return ')';
  if (token === ',' && depth > 0) return '|';
  if (token.startsWith('[') && token.length > 2) {
    const inside = token.slice(1, -1);
    return `[${inside.startsWith('!') ? '^' : ''}${inside.replace(/^!/, '').replace(/[\\\]^&|~[]/g, '\\$&')}]`;
  }
  const character = token.startsWith('\\') && token.length > 1 ? token.slice(1) : token;
  return character.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

const unbalanced = (pattern: string) =>
  usage(`the braces in the pattern "${pattern}" do not match; write "{mov,mp4}", or "\\{" for a brace itself`);
