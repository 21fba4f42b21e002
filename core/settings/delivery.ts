import type { Settings } from './settings.ts';

export type Container = 'mp4' | 'mkv' | 'webm' | 'mov';

/** Whether a container is Matroska, or the part of it that is called WebM. */
export const isInMatroska = (container: Container): container is 'mkv' | 'webm' =>
  container === 'mkv' || container === 'webm';

/**
 * What a rendition is for. This decides its container and which streams it keeps: `archive` keeps all, `edit` keeps all in
 * MOV, `vj` (VJ software) has picture and PCM sound, and `stream` has picture and AAC in fragments, without metadata that
 * says where or by whom the film was shot.
 */
export type Delivery = 'archive' | 'edit' | 'live' | 'stream';

/** Whether what the rendition itself cannot hold is published beside it, in files of its own. */
export const hasSidecars = (delivery: Delivery): boolean => delivery === 'archive' || delivery === 'edit';

/** The container of a delivery. An archive has the container that the settings ask for. */
export function containerOf(delivery: Delivery, settings: Partial<Settings>): Container {
  switch (delivery) {
    case 'archive':
      return settings.container ?? 'mp4';
    case 'edit':
    case 'live':
      return 'mov';
    case 'stream':
      return 'mp4';
    default:
      return delivery satisfies never;
  }
}
