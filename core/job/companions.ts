import { isLanguageTag } from '../description/language.ts';
import { nameOf } from '../path-parts.ts';

/**
 * A file beside films that is not a film itself. Litter is what cameras, systems and libraries leave there; it is ignored.
 * A subtitle is taken along with the film that it is named after.
 */
type Companion = { readonly kind: 'litter' } | { readonly kind: 'subtitle'; readonly format: SubtitleFormat };

/** Extensions of subtitle files beside films. */
const SUBTITLE_FORMATS = ['srt', 'vtt', 'ass', 'ssa', 'sub', 'idx', 'sup', 'smi', 'ttml'] as const;
type SubtitleFormat = (typeof SUBTITLE_FORMATS)[number];

/** Folders of thumbnails, bins and snapshots, on NAS systems, Windows and archives from a Mac. */
const LITTER_FOLDER =
  /^(@eadir|@recycle|#recycle|#snapshot|\$recycle\.bin|system volume information|lost\+found|__macosx|\.appledouble|\.trashes)$/i;
const LITTER_NAME =
  /^(\._.*|\.ds_store|thumbs\.db|ehthumbs(_vista)?\.db|desktop\.ini|picasa\.ini|icon\r|recipes\.json|(poster|folder|cover|fanart|backdrop|banner|landscape|logo|clearart)\.(jpe?g|png|webp)|.*-(thumb|poster|fanart|landscape|banner)\.(jpe?g|png|webp))$/i;
/** Previews and notes of cameras (THM, LRV, LRF, XMP, Sony's XML, AVCHD's tables), and what libraries and downloads add. */
const LITTER_EXTENSION =
  /\.(thm|lrv|lrf|xmp|xml|cpi|bdm|mpl|ctg|modd|moff|gis|nfo|tbn|bif|edl|cube|md5|sha1|sha256|sfv|par2|url|torrent)$/i;

/** Returns what kind of companion a file's name says it is; undefined if the file may be a film. The path may have folders. */
export function companionOf(path: string): Companion | undefined {
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  if (parts.slice(0, -1).some((part) => LITTER_FOLDER.test(part))) return { kind: 'litter' };
  if (LITTER_NAME.test(name) || LITTER_EXTENSION.test(name)) return { kind: 'litter' };
  const format = formatOf(name);
  return format && { kind: 'subtitle', format };
}

/** Returns the files that are not companions. If all of them are companions, somebody named them on purpose: returns all. */
export function filmsAmong(paths: readonly string[]): readonly string[] {
  const films = paths.filter((path) => !companionOf(path));
  return films.length > 0 ? films : paths;
}

/** What a subtitle's file name says beyond the name of the film. */
export type SubtitleName = {
  readonly format: SubtitleFormat;
  /** The language tag as it is written in the name: "eng", "pt-BR". */
  readonly language: string | undefined;
  /** Whether players choose it unless somebody asks for another. */
  readonly default: boolean;
  readonly forced: boolean;
  readonly hearingImpaired: boolean;
  readonly commentary: boolean;
  /** What follows the film's name: "eng.forced.srt". Behind a rendition's name it makes players pair the two files. */
  readonly suffix: string;
};

/** Returns the film's subtitles among files of its folder. A subtitle belongs to the film with the longest matching name. */
export function subtitlesOf(
  film: string,
  paths: readonly string[],
): readonly { readonly path: string; readonly subtitle: SubtitleName }[] {
  return paths.flatMap((path) => {
    const subtitle = subtitleFor(film, path);
    return subtitle && filmsOf(path, [film, ...paths]).includes(film) ? [{ path, subtitle }] : [];
  });
}

/** Returns the films among some files that a subtitle is named after: several if they differ only in their extension. */
export function filmsOf(subtitle: string, paths: readonly string[]): readonly string[] {
  const films = [...new Set(paths)].flatMap((path) => {
    const read = companionOf(path) ? undefined : subtitleFor(path, subtitle);
    return read ? [{ path, rest: read.suffix.length }] : [];
  });
  const shortest = Math.min(...films.map(({ rest }) => rest));
  return films.filter(({ rest }) => rest === shortest).map(({ path }) => path);
}

/** The prefix of the paths of a film's subtitles, and of the other films that these subtitles could belong to. */
export const besideFilm = (film: string): string => `${folderOf(film)}${stemOf(nameOf(film))}`;

/** The prefix of the paths of all films that a subtitle may be named after. */
export function besideSubtitle(subtitle: string): string {
  const [first = '', ...rest] = stemOf(nameOf(subtitle)).split('.');
  while (rest.length > 0 && isTag(rest.at(-1) ?? '')) rest.pop();
  return `${folderOf(subtitle)}${[first, ...rest].join('.')}`;
}

/** Returns what the subtitle's name says; undefined if the subtitle is not named after this film. */
function subtitleFor(film: string, path: string): SubtitleName | undefined {
  const name = nameOf(path);
  const format = formatOf(name);
  if (!format || folderOf(film) !== folderOf(path)) return undefined;
  const before = [nameOf(film), stemOf(nameOf(film))].find((stem) => name.startsWith(`${stem}.`));
  if (before === undefined) return undefined;
  const suffix = name.slice(before.length + 1);
  const tags = suffix.split('.').slice(0, -1);
  return tags.every(isTag) ? { format, ...flagsOf(tags), suffix } : undefined;
}

const FLAGS = {
  default: /^default$/i,
  forced: /^(forced|foreign)$/i,
  hearingImpaired: /^(sdh|cc|hi|hearing[-_ ]?impaired)$/i,
  commentary: /^(comment|commentary)$/i,
};
const isFlag = (tag: string) => Object.values(FLAGS).some((flag) => flag.test(tag));
const isTag = (tag: string) => isFlag(tag) || isLanguageTag(tag);

function flagsOf(tags: readonly string[]): Pick<SubtitleName, 'language' | keyof typeof FLAGS> {
  // "hi" means Hindi if no other tag names a language, and hearing impaired otherwise
  const language = tags.find((tag) => !isFlag(tag)) ?? tags.find((tag) => /^hi$/i.test(tag));
  const flags = tags.filter((tag) => tag !== language);
  const has = (flag: RegExp) => flags.some((tag) => flag.test(tag));
  return {
    language,
    default: has(FLAGS.default),
    forced: has(FLAGS.forced),
    hearingImpaired: has(FLAGS.hearingImpaired),
    commentary: has(FLAGS.commentary),
  };
}

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);
const stemOf = (name: string) => (/[^.]\.[^.]*$/.test(name) ? name.slice(0, name.lastIndexOf('.')) : name);
const formatOf = (name: string) => SUBTITLE_FORMATS.find((format) => name.toLowerCase().endsWith(`.${format}`));
