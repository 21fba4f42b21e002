/** Extensions of films. A file with one of them is tried, and fails with a reason if it is not a film. */
const FILM =
  /\.(3g2|3gp|asf|avi|braw|divx|dv|f4v|flv|h264|264|h265|265|hevc|insv|ivf|m1v|m2t|m2ts|m2v|m4v|mj2|mkv|mod|mov|mp4|mpe|mpeg|mpg|mpv|mts|mxf|nut|obu|ogm|ogv|qt|r3d|rm|rmvb|tod|trp|vob|vro|webm|wmv|wtv|y4m)$/i;

/** Extensions of files that are no films. Such a file is not opened. Files with any other name are recognised by their bytes. */
const OTHER =
  /\.(7z|aac|ac3|ai|aif|aiff|ape|apk|apng|arw|ass|avif|bak|bmp|bup|bz2|c|cfg|cr2|cr3|css|csv|db|dng|doc|docx|dpx|drp|dts|eps|epub|exe|exr|flac|fcpxml|gif|gz|h|heic|heif|htm|html|ico|idx|ifo|ini|iso|jpe?g|js|json|jsx|jxl|key|lnk|log|lua|lut|m3u8?|m4a|m4b|md|mid|mka|mks|mp2|mp3|nef|nfo|nks|odt|oga|ogg|opus|orf|otf|pdf|pkg|plist|png|pptx?|prproj|psd|py|raf|rar|rb|rs|rtf|rw2|sh|smi|sqlite|srt|ssa|sub|sup|svg|tar|tgz|tif|tiff|toml|ttf|ttml|txt|vtt|wav|webp|wma|xls|xlsx|xml|xmp|xz|yaml|yml|zip|zst)$/i;

/** Extensions of films of kinds that are not read here. Some are also given to other files, so that none is tried by its name. */
const UNREAD = /\.(4xm|amv|bik|bk2|cine|dav|dhav|fl[ci]|gxf|lxf|mlv|mve|nsv|nuv|pva|roq|smk|swf|thp|viv|vivo)$/i;

/** Whether a file's name says that it may be a film of a kind that is not read here. */
export const mayBeUnreadFilm = (name: string): boolean => UNREAD.test(name);

/** Returns what a file's name says it is. */
export function fileKind(name: string): 'film' | 'other' | 'unknown' {
  if (FILM.test(name)) return 'film';
  return OTHER.test(name) ? 'other' : 'unknown';
}

/**
 * Whether a picture may be an animated one by its name. A folder may hold thousands of such pictures, and most stand still, so
 * that it is no film there, but is one where it is named itself.
 */
export const mayBeAnimated = (name: string): boolean => /\.(apng|gif|webp)$/i.test(name);

/** Names of texts, documents, archives, programs and fonts. No film has such a name. */
const DOCUMENT =
  /\.(7z|apk|bak|bz2|c|cfg|css|csv|db|docx?|epub|exe|gz|h|html?|ini|js|json|jsx|lnk|log|lua|md|odt|otf|pdf|pkg|plist|pptx?|psd|py|rar|rb|rs|rtf|sh|sqlite|tar|tgz|toml|txt|xlsx?|xml|xz|ya?ml|zip|zst)$/i;

/** Whether a file is no film by its name. Pictures may be films, as an animated GIF is, and are recognised by their bytes. */
export const isDocument = (name: string): boolean => DOCUMENT.test(name);
