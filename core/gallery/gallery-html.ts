import { clock, formatBytes } from '../format.ts';
import { type Item, playlistOf } from '../montage/playlist.ts';
import { nameOf } from '../path-parts.ts';
import { type Html, hrefOf, html } from '../report/html.ts';
import { pageOf } from '../report/page.ts';
import { count } from '../report/quality-words.ts';
import type { GalleryFilm, GalleryVersion } from './gallery-film.ts';
import { GALLERY_SCRIPT, GALLERY_STYLE } from './gallery-style.ts';

/** The player's module beside the pages; undefined where there is none, and the browser's own player plays. */
type PlayerFile = string | undefined;

/** A gallery loads nothing but its own files, so it needs no server and tells nobody who looks at it. */
const policies = (player: PlayerFile) => ["media-src 'self' blob:", ...(player ? ["connect-src 'self'"] : [])];

/** Returns the page of all films: posters, through which the pointer or the arrow keys lead. */
export const galleryHtml = (films: readonly GalleryFilm[], title: string): string =>
  pageOf({
    title,
    style: GALLERY_STYLE,
    script: GALLERY_SCRIPT,
    pictures: "'self'",
    body: html`<main>
<header><p class="eyebrow">${count(films.length, 'film')}</p><h1>${title}</h1>
<nav><a href="all.m3u8" download="all.m3u8">All films as a playlist</a> <a href="all.json" download="all.json">for web pages (JSON)</a></nav></header>
<ul class="films">${films.map(card)}</ul>
</main>
<footer><p>Move over a picture, or use the arrow keys, to look through a film. Made by Reelmill.</p></footer>`,
  });

function card({ id, title, seconds, poster, sprite, versions }: GalleryFilm): Html {
  const image = poster && html`<img src="${hrefOf(poster.path)}" alt="" loading="lazy">`;
  const grid = sprite?.grid;
  const scrub =
    sprite && grid
      ? html` data-sprite="${hrefOf(sprite.path)}" data-columns="${grid.columns}" data-rows="${grid.rows}" data-width="${grid.tileWidth}" data-height="${grid.tileHeight}" data-every="${grid.everySeconds}" data-seconds="${seconds}"`
      : undefined;
  const recipes = [...new Set(versions.map(({ recipe }) => recipe))].join(', ');
  return html`<li class="film"><a href="${pageName(id)}"${scrub}>
<span class="poster">${image}<span class="time">${clock(seconds)}</span></span>
<div class="words"><h2><bdi>${title}</bdi></h2><p class="soft">${recipes}</p></div></a></li>`;
}

/** Returns the file name of a film's page in a gallery. */
export const pageName = (id: string) => `${id}.html`;

/** Returns a film's page: the player, and all its files to download. Without the player's module its video element plays. */
export function filmHtml(film: GalleryFilm, player: PlayerFile): string {
  const { title, seconds, poster, versions, subtitles, playlist } = film;
  const src = playlist ?? versions[0];
  return pageOf({
    title,
    style: GALLERY_STYLE,
    script: GALLERY_SCRIPT,
    modules: player === undefined ? [] : [hrefOf(player)],
    pictures: "'self'",
    policies: policies(player),
    body: html`<main>
<header><p class="eyebrow"><a href="index.html">All films</a></p><h1><bdi>${title}</bdi></h1></header>
<reelmill-player src="${src ? hrefOf(src.path) : ''}"><video controls="" playsinline="" preload="metadata"${poster && html` poster="${hrefOf(poster.path)}"`}>
${versions.filter(isPlayable).map(sourceElement)}
${subtitles.map(({ path, language }) => html`<track kind="subtitles" srclang="${language}" label="${language}" src="${hrefOf(path)}">`)}
</video></reelmill-player>
<section class="card"><h2>Download</h2><p class="soft">${clock(seconds)}</p>
<table><thead><tr><th>recipe</th><th>file</th><th>picture</th><th>size</th></tr></thead><tbody>${versions.map(download)}</tbody></table></section>
</main>
<footer><p>Made by Reelmill.</p></footer>`,
  });
}

const isPlayable = ({ path }: GalleryVersion) => /\.(?:mp4|m4v|webm|mov)$/i.test(path);

/** With its codecs, so that a browser takes the first that it plays. */
function sourceElement({ path, rendition: { codecString, audioCodecString } }: GalleryVersion): Html {
  const codecs = [codecString, audioCodecString].filter((codec) => codec !== undefined).join(', ');
  return html`<source src="${hrefOf(path)}" type="${`video/${path.endsWith('.webm') ? 'webm' : 'mp4'}; codecs="${codecs}"`}">`;
}

function download({ path, recipe, rendition: { name, codec, width, height, bytes } }: GalleryVersion): Html {
  return html`<tr><td>${recipe}</td><td><a href="${hrefOf(path)}" download="${nameOf(path)}"><bdi>${name}</bdi></a></td><td class="number">${width}x${height} ${codec}</td><td class="number">${formatBytes(bytes)}</td></tr>`;
}

/** Returns all films as a playlist of `<reelmill-player>`: each in all its sizes, or as its first file. */
export function galleryPlaylistJson(films: readonly GalleryFilm[]): string {
  const items = films.flatMap(({ title, playlist, versions: [first] }): readonly Item[] => {
    const path = playlist?.path ?? first?.path;
    return path === undefined ? [] : [{ src: path.split('/').map(encodeURIComponent).join('/'), name: title }];
  });
  return `${JSON.stringify(playlistOf(items), undefined, 1)}\n`;
}

/** Returns all films as a playlist that players of files read (extended M3U in UTF-8), one file of each. */
export function galleryPlaylist(films: readonly GalleryFilm[]): string {
  const rows = films.flatMap(({ title, seconds, versions }) => {
    const [first] = versions;
    const line = title.replace(/\p{Cc}/gu, ' ');
    return first
      ? [`#EXTINF:${Math.round(seconds)},${line}`, first.path.split('/').map(encodeURIComponent).join('/')]
      : [];
  });
  return `${['#EXTM3U', ...rows].join('\n')}\n`;
}
