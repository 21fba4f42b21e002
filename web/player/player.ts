import { ReelmillPlayer } from './element.ts';

if (!customElements.get('reelmill-player')) customElements.define('reelmill-player', ReelmillPlayer);

export { ReelmillPlayer };
