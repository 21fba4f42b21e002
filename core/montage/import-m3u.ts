import type { Item, Playlist, Track } from './playlist.ts';
import type { PlaylistRead } from './read-playlist.ts';

const MOST_ITEMS = 10_000;

/**
 * Makes a playlist of an M3U or M3U8 file: each address an item, each `#EXTGRP` a new track. An HLS playlist, which lists
 * the pieces of one film, becomes one item. `address` is where the file lies; addresses in it may be relative to it.
 */
export function importM3u(text: string, address: string): PlaylistRead {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  if (lines.some((line) => line.startsWith('#EXT-X-STREAM-INF:') || line.startsWith('#EXT-X-TARGETDURATION:')))
    return { playlist: { montages: [{ tracks: [{ items: [{ src: address }] }] }] }, skipped: [] };
  const skipped: string[] = [];
  const tracks: { name?: string; items: Item[] }[] = [{ items: [] }];
  let name: string | undefined;
  let title: string | undefined;
  let part: { in?: number; out?: number } = {};
  for (const [i, raw] of lines.entries()) {
    const line = raw.trim();
    if (line.startsWith('#PLAYLIST:')) title = line.slice('#PLAYLIST:'.length).trim() || undefined;
    else if (line.startsWith('#EXTINF:')) name = titleOf(line);
    else if (line.startsWith('#EXTGRP:')) tracks.push({ name: line.slice('#EXTGRP:'.length).trim(), items: [] });
    else if (line.startsWith('#EXTVLCOPT:')) part = { ...part, ...partOf(line) };
    if (line === '' || line.startsWith('#')) continue;
    const src = addressOf(line, address);
    const isEmpty = part.out !== undefined && part.out <= (part.in ?? 0);
    const count = tracks.reduce((sum, { items }) => sum + items.length, 0);
    if (src === undefined) skipped.push(`line ${i + 1} (${line.slice(0, 200)}) is no address of a web server`);
    else if (isEmpty) skipped.push(`line ${i + 1} (${line.slice(0, 200)}) has no part to play`);
    else if (count >= MOST_ITEMS) skipped.push(`line ${i + 1} is left out: a playlist has at most ${MOST_ITEMS} items`);
    else tracks.at(-1)?.items.push({ src, ...(name !== undefined && { name }), ...part });
    [name, part] = [undefined, {}];
  }
  const filled: readonly Track[] = tracks.filter(({ items }) => items.length > 0);
  const playlist: Playlist = { ...(title !== undefined && { name: title }), montages: [{ tracks: filled }] };
  return { playlist, skipped };
}

/** The title behind the comma of `#EXTINF:123 tvg-id="a,b",Title`. */
function titleOf(line: string): string | undefined {
  const unquoted = line.replace(/"[^"]*"/g, (quoted) => '_'.repeat(quoted.length));
  const comma = unquoted.indexOf(',');
  return comma < 0 ? undefined : line.slice(comma + 1).trim() || undefined;
}

/** VLC writes the part of a film that it plays as options. */
function partOf(line: string): { in?: number; out?: number } {
  const [, option, value = ''] = /^#EXTVLCOPT:(start|stop)-time=([\d.]+)$/.exec(line) ?? [];
  const seconds = Number(value);
  if (option === undefined || !Number.isFinite(seconds)) return {};
  return option === 'start' ? { in: seconds } : { out: seconds };
}

/** Only web addresses: a playlist from elsewhere must not make a page read files of its machine or run a script. */
function addressOf(line: string, base: string): string | undefined {
  if (!URL.canParse(line, base)) return undefined;
  const { protocol, href } = new URL(line, base);
  return ['http:', 'https:'].includes(protocol) ? href : undefined;
}
