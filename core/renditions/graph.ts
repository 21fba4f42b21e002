/** A file that is made from another: a rendition, or all thumbnails as one node. The root is named "source". */
export type GraphNode = {
  readonly name: string;
  readonly parent: string;
  /**
   * Nodes above this one, the nearest first. The first of them that was replaced by hand becomes its parent instead of
   * `parent`.
   */
  readonly follows?: readonly string[];
};

/** What the manifest records of a node: its hash, and its parent's hash when it was made. */
export type RecordedNode = {
  readonly sha256: string;
  readonly parentSha256: string | undefined;
  /** Whether the file was replaced by hand and accepted before. */
  readonly edited?: boolean | undefined;
};

/** The name of the node from which a node is made, given the nodes that were replaced by hand. */
export const parentOf = ({ parent, follows = [] }: GraphNode, edited: ReadonlySet<string>): string =>
  follows.find((name) => edited.has(name)) ?? parent;

/**
 * What a run does with a node. keep: it stays as published. adopt: it was replaced by hand and stays. make: it is made
 * from its parent. A node below one that is made is also `make` until the new hash of that one is known, which may
 * equal the old one.
 */
export type NodeAction = 'keep' | 'adopt' | 'make';
export type NodeVerdict = {
  readonly name: string;
  readonly parent: string;
  readonly action: NodeAction;
  readonly why: string;
};

type NodeState = {
  readonly recorded: RecordedNode | undefined;
  /** The hash of its file now; undefined if there is no file. */
  readonly found: string | undefined;
  /** The hash of its parent now; undefined while the parent must still be made. */
  readonly parent: string | undefined;
  /** Whether it was made with today's recipe and settings. */
  readonly sameRecipe: boolean;
  /** Why an unchanged node is made again on request; undefined without a request. */
  readonly remake: string | undefined;
  /** Whether files that were replaced by hand stay, and nodes below are made from them. */
  readonly keepsEdits: boolean;
};

/** The verdict on one node. */
export function nodeVerdict({ name, parent }: GraphNode, state: NodeState): NodeVerdict {
  const decided = (action: NodeAction, why: string): NodeVerdict => ({ name, parent, action, why });
  const { recorded, found } = state;
  if (!recorded) return decided('make', 'it was never made');
  if (!state.sameRecipe) return decided('make', 'its recipe or its settings changed, or a sidecar is gone');
  if (state.parent === undefined) return decided('make', `${parent} is made anew`);
  if (recorded.parentSha256 !== state.parent) return decided('make', `${parent} changed`);
  if (state.remake !== undefined) return decided('make', state.remake);
  if (found === undefined) return decided('make', 'its file is gone');
  if (found === recorded.sha256) return decided('keep', 'nothing it depends on changed');
  return state.keepsEdits
    ? decided('adopt', 'its file was replaced by hand')
    : decided('make', 'its file is not the one that was published');
}

/** What was recorded and found of all nodes, and what a run would use now. */
export type PublishedState = {
  readonly recorded: ReadonlyMap<string, RecordedNode>;
  readonly found: ReadonlyMap<string, string>;
  /** The hash of the source now. */
  readonly source: string;
  readonly sameRecipe: boolean;
  /** Why unchanged nodes are made again on request, by name. */
  readonly remake: ReadonlyMap<string, string>;
  readonly keepsEdits: boolean;
};

/** The verdicts on all nodes, parents first. They assume that a node which is made again gets another hash. */
export function foreseenVerdicts(nodes: readonly GraphNode[], published: PublishedState): readonly NodeVerdict[] {
  const { recorded, found, source, sameRecipe, remake, keepsEdits } = published;
  const hashes = new Map<string, string | undefined>([['source', source]]);
  const edited = new Set<string>();
  return parentsFirst(nodes).map((node) => {
    const parent = parentOf(node, edited);
    const current = found.get(node.name);
    const record = recorded.get(node.name);
    const files = { recorded: record, found: current, parent: hashes.get(parent) };
    const state = { ...files, sameRecipe, remake: remake.get(node.name), keepsEdits };
    const verdict = nodeVerdict({ name: node.name, parent }, state);
    hashes.set(node.name, verdict.action === 'make' ? undefined : current);
    if (verdict.action === 'adopt' || (verdict.action === 'keep' && record?.edited)) edited.add(node.name);
    return verdict;
  });
}

/**
 * The nodes with parents before children. Throws a plain Error for an unknown parent or a cycle, which only a bug in a
 * recipe can cause.
 */
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
