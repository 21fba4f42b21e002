import { messagesIn } from './recording-time.ts';

/** The tags of the maker, and of the model, whose name is in three parts of four letters. */
const MAKE = 0xe0;
const MODEL = [0xe4, 0xe5, 0xe6] as const;
/** Makers by their numbers, as ExifTool's H264 module reads them. */
const MAKERS: Readonly<Record<number, string>> = { 259: 'Panasonic', 264: 'Sony', 4113: 'Canon', 4356: 'JVC' };

/** The camera that shot a film. */
type Camera = { readonly make: string | undefined; readonly model: string | undefined };

/** Reads maker and model of an AVCHD camera from an H.264 byte stream, or a part of one: the first message that names one of them. */
export function avchdCamera(h264: Buffer): Camera | undefined {
  for (const tags of messagesIn(h264)) {
    const number = tags.get(MAKE);
    const make = number && number.length >= 2 ? MAKERS[number.readUInt16BE()] : undefined;
    const parts = MODEL.map((tag) => tags.get(tag)?.toString('latin1') ?? '');
    const name = parts.join('').replace(/\0.*$/s, '').trim();
    const model = /^[\x20-\x7e]+$/.test(name) ? name : undefined;
    if (make !== undefined || model !== undefined) return { make, model };
  }
  return undefined;
}
