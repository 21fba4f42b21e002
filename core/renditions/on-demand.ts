import type { GraphNode } from './graph.ts';

/** A rendition that is not made until somebody asks for it. */
export type DeferredRendition = GraphNode & { readonly priority: number };

type DemandThreshold = {
  priorityOf(name: string): number;
  /** Renditions with a lower priority than this are made on request only. */
  readonly below: number;
  /** Renditions that are made in any case: those asked for by name, and those that are published and up to date. */
  readonly anyway: ReadonlySet<string>;
};

/**
 * Divides renditions into those that are made now and those that are deferred. A rendition from which another one is
 * made now is made now, too.
 */
export function divideByPriority<Node extends GraphNode>(
  nodes: readonly Node[],
  { priorityOf, below, anyway }: DemandThreshold,
): { readonly made: readonly Node[]; readonly deferred: readonly DeferredRendition[] } {
  const made = new Set(
    nodes.filter(({ name }) => anyway.has(name) || priorityOf(name) >= below).map(({ name }) => name),
  );
  for (const name of made) {
    const parent = nodes.find((node) => node.name === name)?.parent;
    if (nodes.some((node) => node.name === parent) && parent !== undefined) made.add(parent); // visited later by this loop
  }
  return {
    made: nodes.filter(({ name }) => made.has(name)),
    deferred: nodes
      .filter(({ name }) => !made.has(name))
      .map(({ name, parent }) => ({ name, parent, priority: priorityOf(name) })),
  };
}
