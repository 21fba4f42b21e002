import { newBox } from '../bytes/boxes.ts';
import { flvCalls } from './flv-script.ts';
import { type MetadataBox, XMP } from './metadata.ts';

/** What is read elsewhere, and what only says where a player is in a stream. */
const KNOWN: ReadonlySet<string> = new Set(
  'onMetaData onCuePoint onTextData onCaption onCaptionInfo onLastSecond onLastKeyframe @setDataFrame'.split(' '),
);
const FLV_ALONE = 'FLV alone has a place for it; keep the source';
const MOST_NAMED = 100;

/** Returns what the script tags of an FLV say besides its description: XMP as the box that MP4 has for it, and the names of other calls. */
export function flvMetadata(bodies: readonly Buffer[]): readonly MetadataBox[] {
  const calls = flvCalls(bodies);
  const packet = calls.find(({ name }) => name === 'onXMPData')?.texts.liveXML;
  const names = new Set(calls.flatMap(({ name }) => (KNOWN.has(name) || name === 'onXMPData' ? [] : [name])));
  const xmp = packet === undefined ? [] : [newBox('uuid', Buffer.from(XMP, 'hex'), Buffer.from(packet, 'utf8'))];
  return [
    ...xmp.map((bytes): MetadataBox => ({ place: 'file', type: 'uuid', bytes })),
    ...[...names]
      .slice(0, MOST_NAMED)
      .map((type): MetadataBox => ({ place: 'file', type, bytes: undefined, leftOut: FLV_ALONE })),
  ];
}
