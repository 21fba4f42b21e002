import { beside } from './beside.ts';
import type { Film, Rung, Sound, Text } from './film.ts';
import { distinct, languageName } from './words.ts';

/**
 * Reads an HLS master playlist, or a media playlist as a film of one rung. A rung's file is looked for under the name of
 * its playlist, as `ladder` names them, so that it is asked for at once; where it is not there, the playlist says where it is.
 */
export function filmOfMaster(content: string, base: string): Film | undefined {
  const lines = content.split(/\r?\n/);
  if (!lines[0]?.includes('#EXTM3U')) return undefined;
  const media = lines.filter((line) => line.startsWith('#EXT-X-MEDIA:')).map(attributes);
  const variants = lines.flatMap((line, i) =>
    line.startsWith('#EXT-X-STREAM-INF:') ? [{ facts: attributes(line), playlist: lines[i + 1]?.trim() ?? '' }] : [],
  );
  const [first] = variants;
  const rest = { name: undefined, thumbnails: undefined, poster: undefined, seconds: 0, sphere: undefined };
  if (!first)
    return content.includes('#EXTINF:') ? { ...rest, rungs: [rungAt(base)], sounds: [], texts: [] } : undefined;
  const group = first.facts.AUDIO;
  const rungs = variants
    .filter(({ facts }) => facts.AUDIO === group)
    .map(({ facts, playlist }) => {
      const [width = 0, height = 0] = (facts.RESOLUTION ?? '').split('x').map(Number);
      const bits = Number(facts['AVERAGE-BANDWIDTH'] ?? facts.BANDWIDTH) || 0;
      return { ...rungAt(beside(playlist, base)), width, height, bits, codecs: facts.CODECS };
    });
  const sounds = media.filter(({ TYPE, 'GROUP-ID': id }) => TYPE === 'AUDIO' && id === group);
  const texts = media.filter(({ TYPE, 'GROUP-ID': id }) => TYPE === 'SUBTITLES' && id === first.facts.SUBTITLES);
  return {
    ...rest,
    rungs: rungs.sort((a, b) => b.width * b.height - a.width * a.height),
    sounds: sounds.length > 1 ? distinct(sounds.map((each) => soundOf(each, base))) : [],
    texts: distinct(texts.flatMap((each) => textOf(each, base))),
  };
}

type Facts = Readonly<Record<string, string | undefined>>;

/** `ladder` calls the sound inside its rungs so. */
const INSIDE = /(^|\/)sound\.m3u8$/;

const besides = (playlist: string, end: string) => playlist.replace(/\.m3u8(?=$|\?)/, end);

const rungAt = (playlist: string): Rung => ({
  name: decodeURIComponent(besides(playlist, '').split(/[?#]/)[0]?.split('/').at(-1) ?? ''),
  ...{ url: besides(playlist, '.mp4'), playlist, width: 0, height: 0, bits: 0, codecs: undefined },
});

function soundOf(facts: Facts, base: string): Sound {
  const label = labelOf(facts);
  const isDefault = facts.DEFAULT === 'YES';
  if (facts.URI === undefined || INSIDE.test(facts.URI)) return { label, url: undefined, codecs: undefined, isDefault };
  const playlist = beside(facts.URI, base);
  return { label, url: besides(playlist, '.mp4'), playlist, codecs: undefined, isDefault };
}

function textOf(facts: Facts, base: string): readonly Text[] {
  if (facts.URI === undefined) return [];
  const url = besides(beside(facts.URI, base), '.vtt');
  const isForDeaf = (facts.CHARACTERISTICS ?? '').includes('transcribes-spoken-dialog');
  const isDefault = facts.DEFAULT === 'YES' || facts.FORCED === 'YES';
  return [{ label: labelOf(facts), language: facts.LANGUAGE ?? '', url, isDefault, isForDeaf }];
}

/** The playlist's own name, which tells the purpose, with the language's name instead of its tag. */
function labelOf({ NAME = '', LANGUAGE }: Facts): string {
  return LANGUAGE !== undefined && NAME.startsWith(LANGUAGE)
    ? languageName(LANGUAGE) + NAME.slice(LANGUAGE.length)
    : NAME;
}

function attributes(line: string): Facts {
  const pairs = line.matchAll(/([A-Z0-9-]+)=("[^"]*"|[^,]*)/g);
  return Object.fromEntries([...pairs].map(([, name = '', value = '']) => [name, value.replaceAll('"', '')]));
}
