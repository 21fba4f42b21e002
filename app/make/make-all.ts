import { isLossless } from '../../core/codecs/encode-spec.ts';
import type { RenditionSpec } from '../../core/codecs/rendition-spec.ts';
import { renditionsAtOnce } from '../../core/dispatch/side-by-side.ts';
import { ServiceError } from '../../core/errors.ts';
import { mainVideo } from '../../core/film/probe.ts';
import { check } from '../../core/job/check-list.ts';
import type { PublishedFile } from '../../core/job/job.ts';
import type { RenditionRecord } from '../../core/job/manifest.ts';
import type { MeasuredTogether } from '../../core/ports/measurer.ts';
import { refusePreview } from '../../core/recipes/renditions.ts';
import { nodeVerdict, parentOf, parentsFirst } from '../../core/renditions/graph.ts';
import { BY_HAND, COPIED } from '../../core/renditions/remake.ts';
import { toNumber } from '../../core/units.ts';
import { whyRemade } from '../decide/why-remade.ts';
import { draftOf } from '../encode/draft.ts';
import { piecesThere } from '../encode/pieces-there.ts';
import { piecesTogether } from '../encode/pieces-together.ts';
import { piecesFolder, sideBySide } from '../encode/side-by-side.ts';
import type { Draft, JobWork, MadeRendition } from '../encode/work.ts';
import { soundOfRecord } from '../join/rendition-record.ts';
import { cutAsMade, type Parents } from '../source/parents.ts';
import { readSource } from '../source/read-source.ts';
import { makeRendition } from './make-rendition.ts';

/** A rendition of this run: made and waiting to be published, or published already. */
export type Outcome =
  | { readonly kind: 'made'; readonly record: RenditionRecord; readonly made: MadeRendition }
  | { readonly kind: 'kept'; readonly record: RenditionRecord; readonly now: PublishedFile };

/**
 * Walks the graph of renditions, parents first: makes those that are missing or depend on a change, and leaves the
 * others. Renditions that nothing depends on are made at the same time, where memory allows.
 */
export async function makeAll(renditions: readonly RenditionSpec[], work: JobWork): Promise<readonly Outcome[]> {
  const atOnce = await atOnceOf(renditions, work);
  const ordered = parentsFirst(renditions);
  const drafts = work.before ? [] : await draftsOfSource(ordered, work);
  const shared = { ...work, together: togetherOf(drafts, work) };
  if (atOnce === 1) return inOrder(renditions, shared);
  const leaf = { alike: undefined, hasChildren: false }; // renditions with children are made in order
  const pieces = await piecesOf(drafts.slice(0, atOnce), work);
  return sideBySide(ordered, { atOnce, work: { ...shared, pieces } }, (rendition, own) =>
    settleAndAdd(rendition, own, leaf),
  );
}

/** The renditions that are made of the source, where these are several. */
async function draftsOfSource(
  renditions: readonly RenditionSpec[],
  { parents, tools, settings }: JobWork,
): Promise<readonly Draft[]> {
  const ofSource = renditions.filter(({ parent }) => parent === 'source');
  if (ofSource.length < 2) return [];
  const source = await parents.facts('source');
  return ofSource.map((rendition) => draftOf(rendition, { source, tools }, settings));
}

function togetherOf(drafts: readonly Draft[], { folder }: JobWork): MeasuredTogether | undefined {
  const specs = drafts.flatMap(({ spec }) => (isLossless(spec) ? [] : [spec]));
  return drafts.length > 0 ? { folder, specs } : undefined;
}

/** How those of them that are encoded at the same time share the decode; undefined where it is not known before which pieces they need. */
async function piecesOf(drafts: readonly Draft[], { request, ports, settings }: JobWork) {
  if (drafts.length < 2 || settings.vmaf !== undefined || settings.skipBelow !== undefined) return undefined;
  const inFolders = drafts.map(async (draft) => ({ draft, folder: await piecesFolder(draft, { request, ports }) }));
  return piecesTogether(await Promise.all(inFolders), ports);
}

/**
 * Returns how many renditions are made at once: one where earlier results exist, because each one's result decides about
 * the next.
 */
const atOnceOf = async (renditions: readonly RenditionSpec[], { parents, before }: JobWork) =>
  before ? 1 : renditionsAtOnce(renditions, (await parents.facts('source')).main.video);

async function inOrder(renditions: readonly RenditionSpec[], work: JobWork): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const parentNames = new Set(renditions.map(({ parent }) => parent));
  const edited = new Set<string>();
  let alike: Alike | undefined;
  for (const node of parentsFirst(renditions)) {
    const rendition = { ...node, parent: parentOf(node, edited) };
    const outcome = await settleAndAdd(rendition, work, { alike, hasChildren: parentNames.has(rendition.name) });
    outcomes.push(outcome);
    if (outcome.record.edited) edited.add(rendition.name);
    alike ??= sourceLike(outcome, work);
  }
  return outcomes;
}

type Place = {
  readonly alike: Alike | undefined;
  /** Whether other renditions of this run are made from this one. */
  readonly hasChildren: boolean;
};

/** Makes or leaves a rendition, and adds it to the possible parents. */
async function settleAndAdd(rendition: RenditionSpec, work: JobWork, place: Place): Promise<Outcome> {
  const outcome = await settle(rendition, work, place);
  work.parents.add(rendition.name, outcome.record.sha256, () => factsOf(outcome, work));
  return outcome;
}

/** The source's hash in the last manifest, if everything that streams take from the source is unchanged. */
type Alike = { readonly was: string };

/**
 * Returns the former hash if a rendition of the source came out byte for byte as before, from cached pieces. Picture,
 * sound and times are then unchanged, and streaming renditions of the source would come out unchanged too.
 */
function sourceLike(outcome: Outcome, { before }: JobWork): Alike | undefined {
  const { record } = outcome;
  const recorded = before?.manifest.renditions.find(({ name }) => name === record.name);
  const same = recorded?.sha256 === record.sha256 && recorded.parent === 'source' && record.parent === 'source';
  if (outcome.kind !== 'made' || record.segments.encoded > 0 || !same) return undefined;
  return recorded.parentSha256 === undefined ? undefined : { was: recorded.parentSha256 };
}

async function settle(rendition: RenditionSpec, work: JobWork, { alike, hasChildren }: Place): Promise<Outcome> {
  const { parents, before, request } = work;
  const was = before?.manifest.renditions.find(({ name }) => name === rendition.name);
  const recorded = was && renewed(was, rendition, alike, parents);
  const now = recorded && before?.files.get(recorded.path);
  const state = {
    recorded: recorded && { sha256: recorded.sha256, parentSha256: recorded.parentSha256 },
    found: now?.sha256,
    parent: parents.sha256(rendition.parent),
    sameRecipe: before?.sameRecipe ?? false,
    keepsEdits: request.recipe.keepsEdits ?? false,
  };
  const remake = recorded && whyRemade(recorded, rendition, work);
  const { action } = nodeVerdict(rendition, { ...state, remake });
  const stays = recorded && now && nodeVerdict(rendition, { ...state, remake: undefined }).action === 'keep';
  if (action === 'make' && stays && !asksForMore(recorded, rendition, work)) {
    if (!(await isJoinedAgain(recorded, rendition, work))) return { kind: 'kept', record: recorded, now };
  }
  if (action === 'keep' && recorded && now) return { kind: 'kept', record: recorded, now };
  const adopted = action === 'adopt' && recorded && now && (await adopt(rendition, recorded, now, work));
  if (adopted) return { kind: 'kept', record: adopted, now };
  const source = await parents.facts(rendition.parent);
  const made = await makeRendition(rendition, { ...work, source, hasChildren });
  return { kind: 'made', record: made.record, made };
}

/** Whether a rendition would have to be made again even with unchanged subtitles beside its source. */
const asksForMore = (recorded: RenditionRecord, rendition: RenditionSpec, work: JobWork) =>
  whyRemade(recorded, rendition, { ...work, besideChanged: false }) !== undefined;

/**
 * Whether a rendition is joined again with other subtitles: if all its pieces are cached, since nothing is encoded for a
 * subtitle.
 */
async function isJoinedAgain(
  { tool }: RenditionRecord,
  rendition: RenditionSpec,
  { parents, settings, tools, ports }: JobWork,
): Promise<boolean> {
  if (tool === COPIED || settings.vmaf !== undefined) return false;
  const source = await parents.facts(rendition.parent);
  const { segments } = draftOf(rendition, { source, tools }, settings);
  return (await piecesThere(segments, ports.cache)).every((piece) => piece !== undefined);
}

/** Returns the record of a stream with the source's present hash, if only other parts of the source changed. */
function renewed(
  was: RenditionRecord,
  { delivery, parent }: RenditionSpec,
  alike: Alike | undefined,
  parents: Parents,
): RenditionRecord {
  const streams = delivery === 'stream' && parent === 'source' && was.parent === 'source';
  if (!streams || alike === undefined || was.parentSha256 !== alike.was) return was;
  return { ...was, parentSha256: parents.sha256('source') };
}

/**
 * Returns the record of a file that someone put in a rendition's place; undefined if it does not decode, because it is
 * then damaged.
 */
async function adopt(
  rendition: RenditionSpec,
  recorded: RenditionRecord,
  now: PublishedFile,
  { ports, tracking, parents, request }: JobWork,
): Promise<RenditionRecord | undefined> {
  const { signal } = tracking;
  const { reader, measurer } = ports;
  const path = await parents.fetch(now.key);
  try {
    const { probe } = await reader.inspect(path, signal);
    const main = mainVideo(probe);
    const decoded = await measurer.decodeFully(path, { signal, onProgress: () => {} });
    if (!main || decoded.errors.length > 0) return undefined;
    const { width, height, sar } = main.video;
    if (rendition.fit?.halfPerimeter !== undefined)
      refusePreview(recorded.path, { width: width * toNumber(sar), height });
    tracking.emit({
      type: 'warning',
      job: request.id,
      message: `${recorded.path} was replaced by hand: it stays, and what is made from it follows it`,
    });
    return {
      ...recorded,
      ...(await reader.fileInfo(path, signal)),
      ...{ codec: main.codec, width, height, frames: decoded.frames },
      codecString: main.codecString ?? main.codec,
      durationSeconds: probe.durationSeconds ?? 0,
      tickSeconds: toNumber(main.timeBase),
      command: [],
      tool: BY_HAND,
      segments: { total: 0, encoded: 0, reused: 0 },
      quality: { metric: 'unmeasured', mean: 0, min: 0, sampledFrames: 0 },
      checks: [check('decodes to the last frame', true, `${decoded.frames} frames`)],
      edited: true,
    };
  } catch (error) {
    if (error instanceof ServiceError && DAMAGED.has(error.code)) return undefined;
    throw error;
  }
}

const DAMAGED = new Set(['bad-input', 'truncated', 'not-video']);

async function factsOf(outcome: Outcome, work: JobWork) {
  if (outcome.kind === 'made' && outcome.made.facts) return outcome.made.facts;
  const { ports, parents, request, tracking, watch, settings } = work;
  const { bytes, sha256 } = outcome.record;
  const path = outcome.kind === 'made' ? outcome.made.file : await parents.fetch(outcome.now.key);
  const facts = await readSource({ path, bytes, sha256 }, request, ports, { ...tracking, watch, settings });
  return { ...cutAsMade(facts, outcome.record), sound: soundOfRecord(outcome.record) };
}
