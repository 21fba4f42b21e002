import { check } from '../job/check-list.ts';
import type { Check } from '../job/manifest.ts';
import { endOf, type Programme } from './playable.ts';
import { type MediaRead, type PlaylistText, playlistAttributes, readMedia, readMpd } from './read-playlists.ts';

/** Rounding of microseconds, added up over a film's segments. */
const ROUNDED_SECONDS = 0.01;
/** The last packet of a sound may reach beyond the picture by this much. */
const MOST_APART_SECONDS = 0.25;

/**
 * Returns the checks of the finished playlists, which are read back as a player reads them. The rules are those of Apple's HLS
 * Authoring Specification and of DASH-IF's interoperability points that concern films on demand.
 */
export function playlistChecks(lists: readonly PlaylistText[], programme: Programme): readonly Check[] {
  const textOf = (path: string) => lists.find((each) => each.path === path)?.content ?? '';
  const media = lists.filter(({ path }) => path.endsWith('.m3u8') && path !== 'master.m3u8').map(readMedia);
  const seconds = endOf([...programme.renditions.map(({ picture }) => picture), ...programme.sounds]);
  return [
    counted(media, readMpd(textOf('manifest.mpd')).seconds, seconds),
    authored(textOf('master.m3u8'), media),
    interoperable(textOf('manifest.mpd')),
  ];
}

const lengthOf = ({ segments }: MediaRead) => segments.reduce((sum, { seconds }) => sum + seconds, 0);

function counted(media: readonly MediaRead[], mpdSeconds: number, seconds: number): Check {
  const wrong = media.filter(
    (each) => seconds - lengthOf(each) > MOST_APART_SECONDS || lengthOf(each) - seconds > ROUNDED_SECONDS,
  );
  const passed = wrong.length === 0 && Math.abs(mpdSeconds - seconds) <= ROUNDED_SECONDS;
  const told = wrong.map((each) => `${each.path} has ${lengthOf(each).toFixed(3)} s`);
  const detail = `${seconds.toFixed(3)} s of fragments, ${mpdSeconds.toFixed(3)} s in the MPD, ${media.length} playlists`;
  return check('playlists count what the fragments hold', passed, [detail, ...told].join('; '));
}

/** What every variant has to say (HLS Authoring Specification, section 9). */
const WANTED = ['BANDWIDTH', 'AVERAGE-BANDWIDTH', 'CODECS', 'RESOLUTION', 'FRAME-RATE', 'VIDEO-RANGE'];

function authored(master: string, media: readonly MediaRead[]): Check {
  const lines = master.split('\n');
  const variants = lines.filter((line) => line.startsWith('#EXT-X-STREAM-INF:')).map(playlistAttributes);
  const tracks = lines.filter((line) => line.startsWith('#EXT-X-MEDIA:')).map(playlistAttributes);
  const groups = new Set(tracks.map((track) => track['GROUP-ID']));
  const faults = [
    ...media.flatMap(({ path, targetSeconds, segments }) =>
      segments.some(({ seconds }) => Math.round(seconds) > targetSeconds)
        ? [`${path} has a segment above its target`]
        : [],
    ),
    ...variants.flatMap((variant, i) =>
      WANTED.filter((name) => !variant[name]).map((name) => `variant ${i + 1} has no ${name}`),
    ),
    ...variants.flatMap((variant, i) =>
      Number(variant['AVERAGE-BANDWIDTH']) > Number(variant.BANDWIDTH)
        ? [`variant ${i + 1} has its mean above its peak`]
        : [],
    ),
    ...[...groups].flatMap((group) => {
      const own = tracks.filter((track) => track['GROUP-ID'] === group);
      const isRight =
        new Set(own.map(({ NAME }) => NAME)).size === own.length &&
        own.filter(({ DEFAULT }) => DEFAULT === 'YES').length <= 1;
      return isRight ? [] : [`group ${group} has two tracks of one name, or two defaults`];
    }),
    ...(media.some(({ isKeyframesOnly }) => isKeyframesOnly) ? [] : ['there is no playlist of keyframes']),
    ...(master.includes('#EXT-X-INDEPENDENT-SEGMENTS') ? [] : ['segments are not independent']),
  ];
  const detail = `${variants.length} variants, ${tracks.length} tracks beside them`;
  return check('HLS by the authoring rules of Apple', faults.length === 0, [detail, ...faults].join('; '));
}

function interoperable(mpd: string): Check {
  const { representations } = readMpd(mpd);
  const segmented = representations.filter(({ timeline, ranges }) => timeline.length + ranges > 0);
  const faults = segmented.flatMap(({ id, timeline, ranges }) => {
    const isWhole = timeline.every(({ at, lasts }, i) => {
      const next = timeline[i + 1];
      return at >= 0 && lasts > 0 && (next === undefined || next.at === at + lasts);
    });
    return isWhole && timeline.length === ranges
      ? []
      : [`${id} has a gap in its times, or not as many ranges as times`];
  });
  const audio = mpd.split('<AdaptationSet ').filter((set) => set.includes('contentType="audio"'));
  const mains = audio.filter((set) => set.includes('value="main"'));
  const unnamed = audio.filter((set) => !/<Role /.test(set)).length;
  const all = [
    ...faults,
    ...(audio.length > 0 && mains.length === 0 ? ['no sound is the main one'] : []),
    ...(unnamed > 0 ? [`${unnamed} sounds have no role`] : []),
    ...(mpd.includes('minBufferTime=') && mpd.includes('startWithSAP="1"')
      ? []
      : ['it says nothing of buffers or access points']),
  ];
  return check(
    'DASH by the rules of DASH-IF',
    all.length === 0,
    [`${segmented.length} representations`, ...all].join('; '),
  );
}
