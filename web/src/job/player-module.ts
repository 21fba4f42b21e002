/** Our player: the pages load it where there is a film to play, and not before. */
export { filmOfManifest } from '../../player/film/read-manifest.ts';
export { ReelmillPlayer } from '../../player/player.ts';
