import { frameBytes, type RawPixelFormat } from '../film/raw-formats.ts';
import { seekArgs } from '../segments/reach.ts';
import { type ComparedFile, type CompareTask, type Pass, referenceChain, type SavedFrames } from './compare-args.ts';
import { framesTaken } from './sample.ts';

/** How one rendition is compared with its source, pass by pass. */
export type ComparedPasses = { readonly compared: CompareTask; readonly passes: readonly Pass[] };

/** The frames of a source with which a rendition is compared in one pass, and the name under which all of the same find them. */
type SharedFrames = Omit<SavedFrames, 'path'> & { readonly name: string; readonly bytes: number };

/** Returns the frames of the source for a pass of this rendition, as they come out of all filters. */
export function sharedFrames({ reference, ...task }: CompareTask, pass: Pass): SharedFrames {
  const chain = referenceChain({ ...task, reference }, pass);
  const { pixelFormat, size } = task;
  const bytes = framesTaken(pass.windows).length * frameBytes(pixelFormat, size.width, size.height);
  return { chain, bytes, name: JSON.stringify([placeOf({ reference }, pass), chain]) };
}

/**
 * Returns the frames that the same decode of the source can give to other renditions in this pass, each once. It gives them to those which
 * begin at the same place of the file.
 */
export function framesForOthers(
  { compared, passes }: ComparedPasses,
  others: readonly ComparedPasses[],
  number: number,
): readonly SharedFrames[] {
  const pass = passes[number];
  if (!pass || compared.reference.piped) return [];
  const found = new Map<string, SharedFrames>();
  for (const other of others) {
    const theirs = other.passes[number];
    if (!theirs || placeOf(other.compared, theirs) !== placeOf(compared, pass)) continue;
    const frames = sharedFrames(other.compared, theirs);
    found.set(frames.name, frames);
  }
  return [...found.values()];
}

/** What is read of the source, and from where on. */
const placeOf = ({ reference: { input, stream } }: Pick<CompareTask, 'reference'>, { reference }: Pass): string =>
  JSON.stringify([input, stream, seekArgs(reference)]);

/** Returns the source of a comparison that was kept as raw frames. */
export const keptFrames = (path: string, { pixelFormat, size }: RawPicture): ComparedFile => ({
  input: [
    ...['-protocol_whitelist', 'file', '-f', 'rawvideo', '-pixel_format', pixelFormat],
    ...['-video_size', `${size.width}x${size.height}`, '-i', `file:${path}`],
  ],
  stream: 'v:0',
  filters: [],
  isPicked: true,
});

type RawPicture = Pick<CompareTask, 'size'> & { readonly pixelFormat: RawPixelFormat };
