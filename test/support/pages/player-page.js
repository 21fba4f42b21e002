// @ts-nocheck: it runs in a page
// What the tests of the player ask of its page: it notes what the player tells, and what is on the screen.
const BARS = 16;
const events = [];
const waits = [];
const seen = [];
window.events = events;
document.addEventListener('reelmill', ({ detail }) => events.push({ ...detail, now: performance.now() }));

/** Adds a player with these attributes; its own script does so, as pages do, so that the rules for autoplay hold. */
window.openPlayer = (attributes) => {
  document.querySelector('reelmill-player')?.remove();
  events.length = waits.length = seen.length = 0;
  const player = document.createElement('reelmill-player');
  for (const [name, value] of Object.entries(attributes)) player.setAttribute(name, value);
  document.body.append(player);
  for (const video of player.shadowRoot.querySelectorAll('video'))
    for (const name of ['waiting', 'stalled'])
      video.addEventListener(name, () => {
        if (video === player.video && !video.paused)
          waits.push({ name, at: video.currentTime, now: performance.now() });
      });
  window.player = player;
  return player;
};
window.waits = waits;

const canvas = new OffscreenCanvas(BARS * 4, 4);
const context = canvas.getContext('2d', { willReadFrequently: true });
/** The numbers of clip and frame that a video element shows; undefined where it shows none. */
window.barcode = (video) => {
  if (video.readyState < 2) return undefined;
  context.drawImage(video, 0, 0, video.videoWidth, video.videoHeight / 2, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const bits = Array.from({ length: BARS }, (_, i) => (data[4 * (canvas.width + i * 4 + 1)] > 128 ? 1 : 0));
  if (bits[0] !== 1 || bits[1] !== 0 || bits[14] !== 0 || bits[15] !== 1) return undefined;
  const number = (from, to) => bits.slice(from, to).reduce((sum, bit) => 2 * sum + bit, 0);
  return { clip: number(2, 6), frame: number(6, 14) };
};

/** Notes what is in front at each picture of the screen, until it is told to stop. */
window.watchScreen = () => {
  let isOn = true;
  const look = (now) => {
    if (!isOn) return;
    requestAnimationFrame(look);
    if (window.player?.video.readyState < 2) return; // it is being sought in, and the last picture stays
    const shown = window.player && window.barcode(window.player.video);
    const last = seen.at(-1);
    if (!last || last.clip !== shown?.clip || last.frame !== shown?.frame || last.element !== window.player.video)
      seen.push({ clip: shown?.clip, frame: shown?.frame, now, element: window.player.video });
  };
  requestAnimationFrame(look);
  return () => {
    isOn = false;
  };
};
window.screenLog = () => seen.map(({ clip, frame, now }) => ({ clip, frame, now }));

/** Resolves with the first event of which this is true. */
window.told = (test) =>
  new Promise((resolve) => {
    const known = events.find(test);
    if (known) return resolve(known);
    const listen = ({ detail }) => {
      if (!test(detail)) return;
      document.removeEventListener('reelmill', listen);
      resolve(detail);
    };
    document.addEventListener('reelmill', listen);
  });

// What a page does by its own script counts as nobody's click: `?do=sound` and `?do=refuse` try the rules for autoplay.
const deed = new URLSearchParams(location.search).get('do');
document.addEventListener('reelmill', ({ detail }) =>
  console.debug(`told ${detail.type} ${detail.kind ?? ''}: ${detail.reason ?? ''}`),
);
addEventListener('load', () => {
  if (deed === null) return;
  if (deed === 'refuse') {
    const { play } = HTMLMediaElement.prototype;
    HTMLMediaElement.prototype.play = function () {
      return navigator.userActivation.hasBeenActive
        ? play.call(this)
        : Promise.reject(new DOMException('no', 'NotAllowedError'));
    };
  }
  const player = window.openPlayer({ src: '/film.mp4', ...(deed === 'refuse' && { autoplay: '' }) });
  if (deed === 'sound')
    document.addEventListener('reelmill', ({ detail }) => {
      if (detail.type !== 'first-frame') return;
      player.muted = false;
      player.play();
    });
});
