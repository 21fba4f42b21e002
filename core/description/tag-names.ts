import { shownType } from '../bytes/shown-type.ts';

/**
 * iTunes' items, and the names that Matroska has for what they say, else those of ffmpeg and of tag editors (ITUNESADVISORY: Matroska's
 * RATING is how much somebody likes a film). Each type has a name of its own, so that a tag finds its item again.
 */
const ITEMS = pairs(`
  \u00a9nam:TITLE \u00a9ART:ARTIST aART:ALBUM_ARTIST \u00a9wrt:COMPOSER \u00a9alb:ALBUM \u00a9day:DATE \u00a9gen:GENRE \u00a9cmt:COMMENT cprt:COPYRIGHT
  \u00a9grp:GROUPING \u00a9lyr:LYRICS desc:DESCRIPTION ldes:SYNOPSIS sdes:SHOW_DESCRIPTION tvsh:SHOW tvnn:NETWORK tven:EPISODE_ID tvsn:SEASON_NUMBER
  tves:EPISODE_SORT keyw:KEYWORDS catg:CATEGORY tmpo:BPM trkn:TRACK disk:DISC cpil:COMPILATION pgap:GAPLESS_PLAYBACK hdvd:HD_VIDEO
  stik:MEDIA_TYPE rtng:ITUNESADVISORY purd:DATE_PURCHASED apID:ACCOUNT_ID akID:ACCOUNT_TYPE ownr:PURCHASE_OWNER sonm:SORT_NAME soar:SORT_ARTIST
  soaa:SORT_ALBUM_ARTIST soal:SORT_ALBUM soco:SORT_COMPOSER sosn:SORT_SHOW pcst:PODCAST purl:PODCAST_URL egid:EPISODE_GUID cnID:CATALOG_ID
  atID:ARTIST_ID plID:PLAYLIST_ID geID:GENRE_ID cmID:COMPOSER_ID sfID:STORE_COUNTRY \u00a9wrk:WORK \u00a9mvn:MOVEMENT_NAME \u00a9mvi:MOVEMENT
  \u00a9mvc:MOVEMENT_TOTAL shwm:SHOW_MOVEMENT \u00a9dir:DIRECTOR \u00a9prd:PRODUCER \u00a9con:CONDUCTOR \u00a9nrt:NARRATOR \u00a9pub:PUBLISHER \u00a9arg:ARRANGER
  \u00a9isr:ISRC \u00a9st3:SUBTITLE \u00a9too:ENCODER
`);

/** What else iTunes' items and the boxes in `udta` say under these names; a tag of Matroska becomes an item of the list above. */
const BOXES = pairs(`
  titl:TITLE \u00a9art:ARTIST perf:PERFORMER auth:AUTHOR \u00a9aut:ARTIST \u00a9com:COMPOSER albm:ALBUM yrrc:DATE gnre:GENRE \u00a9inf:COMMENT
  dscp:DESCRIPTION \u00a9des:DESCRIPTION kywd:KEYWORDS \u00a9mak:MAKE \u00a9mod:MODEL \u00a9swr:SOFTWARE \u00a9enc:ENCODER \u00a9xyz:LOCATION loci:LOCATION
  \u00a9prf:PERFORMERS \u00a9wrn:WARNING \u00a9req:PLAYBACK_REQUIREMENTS \u00a9fmt:ORIGINAL_FORMAT \u00a9src:ORIGINAL_SOURCE \u00a9hst:HOST_COMPUTER
  \u00a9dis:DISCLAIMER \u00a9ope:ORIGINAL_ARTIST \u00a9ed1:EDIT_DATE \u00a9url:URL \u00a9trk:TRACK \u00a9phg:RECORDING_COPYRIGHT \u00a9PRD:PRODUCER
  \u00a9mal:MAKE_URL \u00a9lab:LABEL \u00a9snm:SUBTITLE name:TITLE kind:KIND tagc:MEDIA_CHARACTERISTIC date:DATE_RECORDED coll:COLLECTION
  manu:MAKE modl:MODEL cmnm:MODEL CNMN:MODEL slno:SERIAL_NUMBER SNum:SERIAL_NUMBER clid:CLIP_ID clfn:CLIP_FILE_NAME cmid:CAMERA_ID
  scen:SCENE shot:SHOT angl:CAMERA_ANGLE @mak:MAKE @mod:MODEL @swr:SOFTWARE @day:DATE @xyz:LOCATION
`);

/** Names that programs agree on, whose spelling in MP4 is small and in Matroska large: Matroska's own (Matroska, Tagging), and ffmpeg's. */
const AGREED: ReadonlySet<string> = new Set([
  ...ITEMS.values(),
  ...BOXES.values(),
  ...words(`
    ORIGINAL SAMPLE COUNTRY TOTAL_PARTS PART_NUMBER PART_OFFSET SORT_WITH INSTRUMENTS EMAIL ADDRESS FAX PHONE LEAD_PERFORMER ACCOMPANIMENT
    LYRICIST ASSISTANT_DIRECTOR DIRECTOR_OF_PHOTOGRAPHY SOUND_ENGINEER ART_DIRECTOR PRODUCTION_DESIGNER CHOREGRAPHER COSTUME_DESIGNER
    ACTOR CHARACTER WRITTEN_BY SCREENPLAY_BY EDITED_BY COPRODUCER EXECUTIVE_PRODUCER DISTRIBUTED_BY MASTERED_BY ENCODED_BY MIXED_BY
    REMIXED_BY PRODUCTION_STUDIO THANKS_TO MOOD ORIGINAL_MEDIA_TYPE CONTENT_TYPE SUBJECT SUMMARY INITIAL_KEY PERIOD LAW_RATING
    DATE_RELEASED DATE_ENCODED DATE_TAGGED DATE_DIGITIZED DATE_WRITTEN RECORDING_LOCATION COMPOSITION_LOCATION COMPOSER_NATIONALITY
    PLAY_COUNTER RATING ENCODER_SETTINGS BPS FPS MEASURE TUNING REPLAYGAIN_GAIN REPLAYGAIN_PEAK MCDI ISBN BARCODE CATALOG_NUMBER
    LABEL_CODE LCCN IMDB TMDB TVDB TVDB2 PURCHASE_ITEM PURCHASE_INFO PURCHASE_PRICE PURCHASE_CURRENCY PRODUCTION_COPYRIGHT LICENSE
    TERMS_OF_USE LANGUAGE CREATION_TIME TIMECODE REEL_NAME SERVICE_NAME SERVICE_PROVIDER SEGMENT_TITLE LOCATION_NAME LOCATION_NOTES XML
    SPHERICAL-VIDEO MAJOR_BRAND MINOR_VERSION COMPATIBLE_BRANDS
  `),
]);

const ITEM_BY_NAME: ReadonlyMap<string, string> = new Map([...ITEMS].map(([type, name]) => [name, type]));

/** Behind this stands the type of an item of iTunes' list that has no name in Matroska. */
const OF_LIST = 'ilst:';

/** The name of the tag that Matroska has for an item of iTunes' list of this type. */
export const nameOfItem = (type: string): string => ITEMS.get(type) ?? BOXES.get(type) ?? `${OF_LIST}${type}`;

/** Whether readers of a tag of this name cannot tell of which type its item was: they take a zero for the end of a name. */
export const hidesItem = (as: string): boolean => as.startsWith(OF_LIST) && as.includes('\0');

/** The name of the tag that Matroska has for a box in `udta` of this type. */
export const nameOfBox = (type: string): string =>
  ITEMS.get(type) ?? BOXES.get(type) ?? shownType(type.replace(/[\0 ]+$/, ''));

/** The type of iTunes' item for a tag of Matroska or a key of this name; undefined where iTunes has none. */
export function itemFor(name: string): string | undefined {
  if (name.startsWith(OF_LIST)) return name.length === OF_LIST.length + 4 ? name.slice(OF_LIST.length) : undefined;
  return ITEM_BY_NAME.get(name.toUpperCase());
}

/**
 * The name of the tag that Matroska has for a key. Names that programs agree on are large; all others keep their spelling,
 * by which they are known again.
 */
export const tagName = (key: string): string => inParts(key, (part) => part.toUpperCase());

/** The name of the key that MP4 has for a tag of Matroska. */
export const keyName = (tag: string): string => inParts(tag, (part) => part.toLowerCase());

/** A tag within a tag has both names, with a stroke between them. */
const inParts = (name: string, change: (part: string) => string): string =>
  name
    .replace(/\0.*$/s, '')
    .split('/')
    .map((part) => (AGREED.has(part.toUpperCase()) ? change(part) : part))
    .join('/');

const ITUNES = 'com.apple.iTunes';
const CUSTOM = /^----:([^:]*):(.*)$/s;

/** The name of the tag for a custom item of iTunes: its own, or all of it where its own alone would come back as something else. */
export function nameOfCustom(mean: string, name: string): string {
  const key = keyName(name);
  const isElsewhere = isOutsideList(key) || CUSTOM.test(name);
  const isItself = mean === ITUNES && itemFor(name) === undefined && tagName(key) === name && name !== '';
  return isItself && !isElsewhere ? name : `----:${mean}:${name}`;
}

/** Tags that MP4 has other places for, or that programs read as more than a text. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'location',
  'creation_time',
  'timecode',
  'reel_name',
  'spherical-video',
]);

/** Whether a key has a place in MP4 outside of iTunes' list. */
export const isOutsideList = (key: string): boolean => boxFor(key) !== undefined || ELSEWHERE.has(key);

/** The two parts of the name of a custom item for a tag of Matroska or a key of this name. */
export function customOf(name: string): { readonly mean: string; readonly name: string } {
  const [, mean, own] = CUSTOM.exec(name) ?? [];
  return mean === undefined || own === undefined ? { mean: ITUNES, name: tagName(name) } : { mean, name: own };
}

/** Whether a tag is one of iTunes' list alone, by its name. */
export const isOfList = (name: string): boolean => name.startsWith(OF_LIST) || CUSTOM.test(name);

/** The type of the box in `udta` that a tag of this name is, where it is one of QuickTime's texts. */
export const boxFor = (name: string): string | undefined =>
  /^\u00a9[!-~]{3}$/.test(name) ? name : QUICKTIME.get(name);

/** Where ExifTool and players of QuickTime look for what a camera is. */
const QUICKTIME: ReadonlyMap<string, string> = new Map([
  ['make', '\u00a9mak'],
  ['model', '\u00a9mod'],
  ['software', '\u00a9swr'],
]);

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

function pairs(text: string): ReadonlyMap<string, string> {
  return new Map(words(text).map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]));
}
