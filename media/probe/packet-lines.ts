import * as z from 'zod/mini';
import type { FilePacket } from '../../core/film/file-packets.ts';

const packet = z.object({
  stream_index: z.number(),
  pts: z.optional(z.number()),
  dts: z.optional(z.number()),
  duration: z.optional(z.number()),
  size: z.coerce.number(),
  pos: z.optional(z.coerce.number()),
  flags: z.string(),
  data_hash: z.string(),
}) satisfies z.ZodMiniType<FilePacket>;

/** Returns ffprobe's arguments for lines that `packetReader` reads. Places in the file are asked for where they are needed. */
export const packetArguments = ({ places }: { readonly places: boolean }): string[] => [
  ...['-v', 'error', '-of', 'json=compact=1', '-show_data_hash', 'sha256'],
  ...['-show_entries', `packet=stream_index,pts,dts,duration,size,${places ? 'pos,' : ''}flags,data_hash`],
];

/** Returns a parser of ffprobe's compact JSON, one packet a line. Side data comes on lines of its own, before the packet's hash. */
export function packetReader(): (line: string) => FilePacket | undefined {
  let pending: string | undefined;
  return (line) => {
    const start = line.indexOf('{ "stream_index"');
    if (start >= 0)
      pending = line
        .slice(start)
        .trim()
        .replace(/ *}?,?$/, '');
    if (pending === undefined) return undefined;
    const hash = /"data_hash": "[^"]*"/.exec(line)?.[0];
    if (hash === undefined) return undefined;
    const whole = start >= 0 ? pending : `${pending}, ${hash}`;
    pending = undefined;
    return packet.parse(JSON.parse(`${whole} }`));
  };
}
