import { define, ReelmillPlayer } from './element.ts';

define();

export { importM3u } from '../../core/montage/import-m3u.ts';
export { ReelmillPlayer };
