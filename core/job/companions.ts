import { isLanguageTag } from '../film/language.ts';

/**
 * A file that lies beside films and is none: litter is what cameras, systems and libraries leave there, which nobody asks
 * about; subtitles are taken along by the film that they are named after.
 */
export type Companion = { readonly kind: 'litter' } | { readonly kind: 'subtitle'; readonly format: SubtitleFormat };

/** Formats of subtitles that lie beside films, by the extension. */
const SUBTITLE_FORMATS = ['srt', 'vtt', 'ass', 'ssa', 'sub', 'idx', 'sup', 'smi', 'ttml'] as const;
export type SubtitleFormat = (typeof SUBTITLE_FORMATS)[number];

/** Folders of thumbnails, bins and snapshots, on NAS systems, Windows and archives from a Mac. */
const LITTER_FOLDER =
  /^(@eadir|@recycle|#recycle|#snapshot|\$recycle\.bin|system volume information|lost\+found|__macosx|\.appledouble|\.trashes)$/i;
const LITTER_NAME =
  /^(\._.*|\.ds_store|thumbs\.db|ehthumbs(_vista)?\.db|desktop\.ini|picasa\.ini|icon\r|recipes\.json|(poster|folder|cover|fanart|backdrop|banner|landscape|logo|clearart)\.(jpe?g|png|webp)|.*-(thumb|poster|fanart|landscape|banner)\.(jpe?g|png|webp))$/i;
/** Previews and notes of cameras (THM, LRV, LRF, XMP, Sony's XML, AVCHD's tables), and what libraries and downloads add. */
const LITTER_EXTENSION =
  /\.(thm|lrv|lrf|xmp|xml|cpi|bdm|mpl|ctg|modd|moff|gis|nfo|tbn|bif|edl|cube|md5|sha1|sha256|sfv|par2|url|torrent)$/i;

/** What a file is by its name alone, where it is no film; undefined for whatever may be one. The path may have any folders. */
export function companionOf(path: string): Companion | undefined {
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  if (parts.slice(0, -1).some((part) => LITTER_FOLDER.test(part))) return { kind: 'litter' };
  if (LITTER_NAME.test(name) || LITTER_EXTENSION.test(name)) return { kind: 'litter' };
  const format = formatOf(name);
  return format && { kind: 'subtitle', format };
}

/** Of files that somebody named one by one, those to be taken as films: all that are no companions; where all are, all. */
export function filmsAmong(paths: readonly string[]): readonly string[] {
  const films = paths.filter((path) => !companionOf(path));
  return films.length > 0 ? films : paths;
}

/** What the name of a subtitle says, read against the film it is named after. */
export type SubtitleName = {
  readonly format: SubtitleFormat;
  /** As written there: "eng", "pt-BR". */
  readonly language: string | undefined;
  readonly forced: boolean;
  readonly hearingImpaired: boolean;
  readonly commentary: boolean;
  /** All behind the film's own name: "eng.forced.srt". A rendition's name before it, and players pair the two. */
  readonly suffix: string;
};

/** The subtitles among some files that belong to a film, of those in its own folder: each to the film of the longest name it begins with. */
export function subtitlesOf(
  film: string,
  paths: readonly string[],
): readonly { readonly path: string; readonly subtitle: SubtitleName }[] {
  return paths.flatMap((path) => {
    const subtitle = subtitleFor(film, path);
    return subtitle && filmsOf(path, [film, ...paths]).includes(film) ? [{ path, subtitle }] : [];
  });
}

/** The films among some files that a subtitle is named after; several where they differ in their extension alone. */
export function filmsOf(subtitle: string, paths: readonly string[]): readonly string[] {
  const films = [...new Set(paths)].flatMap((path) => {
    const read = companionOf(path) ? undefined : subtitleFor(path, subtitle);
    return read ? [{ path, rest: read.suffix.length }] : [];
  });
  const shortest = Math.min(...films.map(({ rest }) => rest));
  return films.filter(({ rest }) => rest === shortest).map(({ path }) => path);
}

/** What the paths of a film's subtitles begin with, and those of other films that they could belong to. */
export const besideFilm = (film: string): string => `${folderOf(film)}${stemOf(nameOf(film))}`;

/** What the paths of all films begin with that a subtitle may be named after. */
export function besideSubtitle(subtitle: string): string {
  const [first = '', ...rest] = stemOf(nameOf(subtitle)).split('.');
  while (rest.length > 0 && isTag(rest.at(-1) ?? '')) rest.pop();
  return `${folderOf(subtitle)}${[first, ...rest].join('.')}`;
}

/** Undefined where the subtitle is not named after this film. */
function subtitleFor(film: string, path: string): SubtitleName | undefined {
  const name = nameOf(path);
  const format = formatOf(name);
  if (!format || folderOf(film) !== folderOf(path)) return undefined;
  const before = [nameOf(film), stemOf(nameOf(film))].find((stem) => name.startsWith(`${stem}.`));
  if (before === undefined) return undefined;
  const suffix = name.slice(before.length + 1);
  const tags = suffix.split('.').slice(0, -1);
  return tags.every(isTag) ? { format, ...said(tags), suffix } : undefined;
}

const FLAGS = {
  forced: /^(forced|foreign)$/i,
  hearingImpaired: /^(sdh|cc|hi|hearing[-_ ]?impaired)$/i,
  commentary: /^(comment|commentary)$/i,
};
const isFlag = (tag: string) => /^default$/i.test(tag) || Object.values(FLAGS).some((flag) => flag.test(tag));
const isTag = (tag: string) => isFlag(tag) || isLanguageTag(tag);

function said(tags: readonly string[]): Pick<SubtitleName, 'language' | keyof typeof FLAGS> {
  // "hi" is Hindi where nothing else names a language, and hearing impaired where something does
  const language = tags.find((tag) => !isFlag(tag)) ?? tags.find((tag) => /^hi$/i.test(tag));
  const flags = tags.filter((tag) => tag !== language);
  const has = (flag: RegExp) => flags.some((tag) => flag.test(tag));
  return {
    language,
    forced: has(FLAGS.forced),
    hearingImpaired: has(FLAGS.hearingImpaired),
    commentary: has(FLAGS.commentary),
  };
}

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
const stemOf = (name: string) => (/[^.]\.[^.]*$/.test(name) ? name.slice(0, name.lastIndexOf('.')) : name);
const formatOf = (name: string) => SUBTITLE_FORMATS.find((format) => name.toLowerCase().endsWith(`.${format}`));
