import type { Settings } from './settings.ts';

export type Container = 'mp4' | 'mkv' | 'mov';

/**
 * What a rendition is for, which decides its container and what becomes of the other streams: `archive` keeps all,
 * `edit` too but in MOV, `stage` (VJ software) gets picture and PCM, `stream` picture and AAC in fragments, nothing that
 * tells where or by whom it was shot.
 */
export type Delivery = 'archive' | 'edit' | 'stage' | 'stream';

/** The container of a delivery; of an archive, the one that was asked for. */
export function containerOf(delivery: Delivery, settings: Partial<Settings>): Container {
  switch (delivery) {
    case 'archive':
      return settings.container ?? 'mp4';
    case 'edit':
    case 'stage':
      return 'mov';
    case 'stream':
      return 'mp4';
    default:
      return delivery satisfies never;
  }
}
