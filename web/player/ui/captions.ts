import type { Film, Text } from '../film/film.ts';

export type Captions = {
  /** Puts the subtitles of a film into the element that shows it. */
  attach(video: HTMLVideoElement, film: Film): void;
  /** The label of what is shown; undefined: none. */
  chosen(): string | undefined;
  choose(label: string | undefined): void;
};

/** Subtitles of both elements. What a viewer chose stays as long as films offer it. */
export function newCaptions(): Captions {
  const shown = new Map<HTMLVideoElement, Film>();
  let wish: string | undefined;
  let isAsked = false;

  const labelFor = ({ texts }: Film): string | undefined =>
    isAsked ? texts.find(({ label }) => label === wish)?.label : texts.find(({ isDefault }) => isDefault)?.label;

  function apply(): void {
    for (const [video, film] of shown) {
      const label = labelFor(film);
      for (const track of video.textTracks) track.mode = track.label === label ? 'showing' : 'disabled';
    }
  }

  return {
    attach(video, film) {
      if (shown.get(video)?.texts !== film.texts) {
        for (const track of video.querySelectorAll('track')) track.remove();
        video.append(...film.texts.map(trackOf));
      }
      shown.set(video, film);
      apply();
    },
    chosen: () => {
      for (const [video, film] of shown) if (video.className === 'front') return labelFor(film);
      return undefined;
    },
    choose(label) {
      [wish, isAsked] = [label, true];
      apply();
    },
  };
}

function trackOf({ label, language, url, isForDeaf }: Text): HTMLTrackElement {
  const track = document.createElement('track');
  track.kind = isForDeaf ? 'captions' : 'subtitles';
  track.label = label;
  track.srclang = language;
  track.src = url;
  return track;
}
