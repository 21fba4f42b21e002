import { isRecord } from '../../../core/json.ts';
import type { Film, Rung, Sound, SphereLayout, Text } from './film.ts';
import { distinct, languageName } from './words.ts';

/** Where a file lies that a manifest names; undefined for one that cannot be had. */
type AddressOf = (path: string) => string | undefined;

/** Reads a `manifest.json`, as far as a player needs it; undefined where it names no rendition. */
export function filmOfManifest(value: unknown, addressOf: AddressOf): Film | undefined {
  const address = (path: unknown) => (typeof path === 'string' && path !== '' ? addressOf(path) : undefined);
  if (!isRecord(value)) return undefined;
  const rungs = list(value.renditions).flatMap((each) => rungOf(each, address));
  if (rungs.length === 0) return undefined;
  const [first] = list(value.renditions);
  const thumbnails = isRecord(value.thumbnails) ? list(value.thumbnails.files) : [];
  const file = (kind: string, end: string) =>
    thumbnails.flatMap((each) => (each.kind === kind && text(each.path).endsWith(end) ? [address(each.path)] : []))[0];
  return {
    name: isRecord(value.source) ? text(value.source.path).split('/').at(-1) : undefined,
    rungs: rungs.sort((a, b) => b.width * b.height - a.width * a.height),
    sounds: soundsOf(value, first, address),
    texts: distinct(list(value.subtitles).map((each) => textOf(each, address))),
    thumbnails: file('cues', '.vtt'),
    poster: file('poster', '.webp') ?? file('poster', '.jpg'),
    seconds: number(first?.durationSeconds),
    sphere: sphereLayout(value.recipe === 'sphere' ? (first?.sphere ?? 'mono') : first?.sphere),
  };
}

/** Returns how the eyes of a sphere lie in its picture; undefined for what is no such word. */
export const sphereLayout = (value: unknown): SphereLayout | undefined =>
  value === 'mono' || value === 'top-bottom' || value === 'left-right' ? value : undefined;

function rungOf(each: Facts, address: Address): readonly Rung[] {
  const url = address(each.path);
  if (url === undefined) return [];
  const codecs = [text(each.codecString), text(each.audioCodecString)].filter((codec) => codec !== '');
  const seconds = number(each.durationSeconds);
  return [
    {
      ...{ name: text(each.name) || text(each.path), url },
      ...{ width: number(each.width), height: number(each.height) },
      bits: seconds > 0 ? (8 * number(each.bytes)) / seconds : 0,
      codecs: codecs.length > 0 ? codecs.join(',') : undefined,
    },
  ];
}

function soundsOf(value: Facts, first: unknown, address: Address): readonly Sound[] {
  const apart = list(value.sounds).map((each): Sound => {
    const purposes = [
      each.purpose === 'commentary' && 'commentary',
      each.purpose === 'description' && 'audio description',
      number(each.channels) > 2 && 'surround',
    ].filter((word) => typeof word === 'string');
    const name = languageName(text(each.language));
    return {
      label: purposes.length > 0 ? `${name} (${purposes.join(', ')})` : name,
      url: address(each.path),
      codecs: text(each.codecString) || undefined,
      isDefault: false,
    };
  });
  if (!isRecord(first) || apart.length === 0) return [];
  const own: Sound = {
    label: languageName(text(first.soundLanguage)),
    url: undefined,
    codecs: undefined,
    isDefault: true,
  };
  return distinct([own, ...apart]);
}

function textOf(each: Facts, address: Address): Text {
  const purposes = [
    each.forced === true && 'forced',
    each.hearingImpaired === true && 'for the hard of hearing',
    each.commentary === true && 'commentary',
  ].filter((word) => typeof word === 'string');
  const name = languageName(text(each.language));
  return {
    label: purposes.length > 0 ? `${name} (${purposes.join(', ')})` : name,
    language: text(each.language),
    url: address(each.path) ?? '',
    isDefault: each.default === true || each.forced === true,
    isForDeaf: each.hearingImpaired === true,
  };
}

type Facts = Readonly<Record<string, unknown>>;
type Address = (path: unknown) => string | undefined;

const list = (value: unknown): Facts[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
