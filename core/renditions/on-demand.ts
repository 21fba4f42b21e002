import type { GraphNode } from './graph.ts';

/** A rendition that is left until somebody asks for it. */
export type DeferredRendition = GraphNode & { readonly priority: number };

export type DemandThreshold = {
  priorityOf(name: string): number;
  /** What has less is made when it is asked for. */
  readonly below: number;
  /** Asked for by name, or there already and as it should be. */
  readonly anyway: ReadonlySet<string>;
};

/** Divides renditions into what is made now and what waits. What another one is made from does not wait for less than that one. */
export function divideByPriority<Node extends GraphNode>(
  nodes: readonly Node[],
  { priorityOf, below, anyway }: DemandThreshold,
): { readonly made: readonly Node[]; readonly deferred: readonly DeferredRendition[] } {
  const made = new Set(
    nodes.filter(({ name }) => anyway.has(name) || priorityOf(name) >= below).map(({ name }) => name),
  );
  for (const name of made) {
    const parent = nodes.find((node) => node.name === name)?.parent;
    if (nodes.some((node) => node.name === parent) && parent !== undefined) made.add(parent); // a set goes on to what is added
  }
  return {
    made: nodes.filter(({ name }) => made.has(name)),
    deferred: nodes
      .filter(({ name }) => !made.has(name))
      .map(({ name, parent }) => ({ name, parent, priority: priorityOf(name) })),
  };
}
