import * as z from 'zod/mini';

/** The programs of a transport stream as ffprobe tells them, whose names broadcasters send along (ETSI EN 300 468, SDT). */
export const programsSchema = z.array(
  z.object({
    program_num: z.optional(z.int()),
    tags: z.optional(z.record(z.string(), z.string())),
    streams: z.optional(z.array(z.object({ index: z.int(), codec_type: z.optional(z.string()) }))),
  }),
);
type SentPrograms = z.infer<typeof programsSchema>;

/** Programs of one stream; a broadcast has a dozen. */
const MOST_PROGRAMS = 100;

/**
 * Returns the names and providers of a file's programs as tags of the film. Those of the program with the first picture have
 * the plain names; the names of others end with the number of their program. Of several programs it is told which streams they have.
 */
export function serviceTags(programs: SentPrograms = []): Readonly<Record<string, string>> {
  const indexes = ({ streams = [] }: SentPrograms[number], type?: string) =>
    streams.flatMap(({ index, codec_type }) => (type === undefined || codec_type === type ? [index] : []));
  const first = Math.min(...programs.flatMap((program) => indexes(program, 'video')));
  const own = programs.find((program) => indexes(program, 'video').includes(first)) ?? programs[0];
  return Object.fromEntries(
    programs.slice(0, MOST_PROGRAMS).flatMap((program) => {
      const names = Object.entries(program.tags ?? {}).flatMap(([key, value]) => {
        const name = key.toLowerCase();
        if (!/^service_(name|provider)$/.test(name) || value === '') return [];
        return [[program === own ? name : `${name}/${program.program_num ?? 0}`, value] as const];
      });
      const streams = [`program_streams/${program.program_num ?? 0}`, indexes(program).join(', ')] as const;
      return programs.length > 1 ? [...names, streams] : names;
    }),
  );
}
