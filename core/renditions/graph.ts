/** A file that is made from another: a rendition, or the thumbnails as one. "source" is the root. */
export type GraphNode = {
  readonly name: string;
  readonly parent: string;
  /** Nodes above it, the nearest first: the first of them that was replaced by hand is its parent in `parent`'s stead. */
  readonly follows?: readonly string[];
};

/** What the manifest says of a node: its hash, and its parent's when it was made. */
export type RecordedNode = {
  readonly sha256: string;
  readonly parentSha256: string | undefined;
  /** Replaced by hand before, and taken over. */
  readonly edited?: boolean | undefined;
};

/** What a node is made from, once it is known which of the nodes above it were replaced by hand. */
export const parentOf = ({ parent, follows = [] }: GraphNode, edited: ReadonlySet<string>): string =>
  follows.find((name) => edited.has(name)) ?? parent;

/**
 * keep: as published. adopt: someone replaced it by hand, and it stays. make: it is made from its parent. A node below one
 * that is made is `make` too until that one's hash is known: it may come out as it was.
 */
export type NodeAction = 'keep' | 'adopt' | 'make';
export type NodeVerdict = {
  readonly name: string;
  readonly parent: string;
  readonly action: NodeAction;
  readonly why: string;
};

export type NodeState = {
  readonly recorded: RecordedNode | undefined;
  /** Its hash as it lies there now; undefined if it does not. */
  readonly found: string | undefined;
  /** Its parent's hash now; undefined while that is still to be made. */
  readonly parent: string | undefined;
  /** Made under the same recipe and settings. */
  readonly sameRecipe: boolean;
  /** Why it is made anew all the same, where somebody asks for that. */
  readonly remake: string | undefined;
  /** Files replaced by hand stay, and what hangs on them follows them. */
  readonly keepsEdits: boolean;
};

/** What becomes of one node. */
export function nodeVerdict({ name, parent }: GraphNode, state: NodeState): NodeVerdict {
  const say = (action: NodeAction, why: string): NodeVerdict => ({ name, parent, action, why });
  const { recorded, found } = state;
  if (!recorded) return say('make', 'it was never made');
  if (!state.sameRecipe) return say('make', 'its recipe or its settings changed, or a sidecar is gone');
  if (state.parent === undefined) return say('make', `${parent} is made anew`);
  if (recorded.parentSha256 !== state.parent) return say('make', `${parent} changed`);
  if (state.remake !== undefined) return say('make', state.remake);
  if (found === undefined) return say('make', 'its file is gone');
  if (found === recorded.sha256) return say('keep', 'nothing it depends on changed');
  return state.keepsEdits
    ? say('adopt', 'its file was replaced by hand')
    : say('make', 'its file is not the one that was published');
}

export type PublishedState = {
  readonly recorded: ReadonlyMap<string, RecordedNode>;
  readonly found: ReadonlyMap<string, string>;
  /** The source's hash now. */
  readonly source: string;
  readonly sameRecipe: boolean;
  /** Why nodes are made anew all the same, by name. */
  readonly remake: ReadonlyMap<string, string>;
  readonly keepsEdits: boolean;
};

/** What a run would do with every node, parents first; what is made is taken to come out otherwise than it was. */
export function foreseenVerdicts(nodes: readonly GraphNode[], library: PublishedState): readonly NodeVerdict[] {
  const { recorded, found, source, sameRecipe, remake, keepsEdits } = library;
  const hashes = new Map<string, string | undefined>([['source', source]]);
  const edited = new Set<string>();
  return parentsFirst(nodes).map((node) => {
    const parent = parentOf(node, edited);
    const is = found.get(node.name);
    const was = recorded.get(node.name);
    const there = { recorded: was, found: is, parent: hashes.get(parent) };
    const state = { ...there, sameRecipe, remake: remake.get(node.name), keepsEdits };
    const said = nodeVerdict({ name: node.name, parent }, state);
    hashes.set(node.name, said.action === 'make' ? undefined : is);
    if (said.action === 'adopt' || (said.action === 'keep' && was?.edited)) edited.add(node.name);
    return said;
  });
}

/** Throws a plain Error for a parent that is not there, or a circle: a recipe is our own data. */
export function parentsFirst<Node extends GraphNode>(nodes: readonly Node[]): readonly Node[] {
  const placed = new Set(['source']);
  const order: Node[] = [];
  let left = [...nodes];
  while (left.length > 0) {
    const ready = left.filter(({ parent, follows = [] }) => [parent, ...follows].every((name) => placed.has(name)));
    if (ready.length === 0) throw new Error(`no parent for ${left.map(({ name }) => name).join(', ')}`);
    for (const node of ready) placed.add(node.name);
    order.push(...ready);
    left = left.filter((node) => !ready.includes(node));
  }
  return order;
}
