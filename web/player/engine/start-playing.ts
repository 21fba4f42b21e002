import { Trouble } from '../line/trouble.ts';

export type Starting = {
  /** Whether it is still to start when the browser has answered. */
  readonly isWanted: () => boolean;
  readonly mute: () => void;
  /** It plays, but without sound. */
  readonly onSilent: (why: Trouble) => void;
  /** It does not play before somebody presses a button. */
  readonly onRefused: (why: Trouble) => void;
};

/** Starts a video element. A browser that refuses sound is asked again without; one that refuses that, too, needs a click. */
export function startPlaying(video: HTMLVideoElement, starting: Starting): void {
  video.play().catch((error: unknown) => {
    if (!(error instanceof DOMException) || error.name !== 'NotAllowedError' || !starting.isWanted()) return;
    if (video.muted) {
      starting.onRefused(new Trouble('autoplay', 'The browser starts no film by itself here; press play.'));
      return;
    }
    starting.mute();
    starting.onSilent(
      new Trouble('autoplay', 'The browser plays films with sound only after a click, so this one plays without.'),
    );
    startPlaying(video, starting);
  });
}
