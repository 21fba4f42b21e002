type Attributes = Readonly<Record<string, unknown>>;

export type Change = {
  /** Attributes to set; undefined removes one. */
  readonly set: Attributes;
  /** The condition of the update, with attributes as `#name` and values as `:name`. */
  readonly if: string;
  readonly with: Attributes;
};

/**
 * Returns the parameters of UpdateItem for a change. All names are placeholders, because `state`, `source` and a hundred
 * other names are reserved words.
 */
export function updateExpression({ set, if: condition, with: values }: Change) {
  const entries = Object.entries(set);
  const kept = entries.filter(([, value]) => value !== undefined);
  const removed = entries.filter(([, value]) => value === undefined);
  const clauses = [
    kept.length > 0 && `SET ${kept.map(([name]) => `#${name} = :set_${name}`).join(', ')}`,
    removed.length > 0 && `REMOVE ${removed.map(([name]) => `#${name}`).join(', ')}`,
  ];
  const inCondition = [...condition.matchAll(/#(\w+)/g)].map(([, name = '']) => name);
  const names = [...entries.map(([name]) => name), ...inCondition];
  const given = [
    ...kept.map(([name, value]) => [`:set_${name}`, value]),
    ...Object.entries(values).map(([name, value]) => [`:${name}`, value]),
  ];
  return {
    UpdateExpression: clauses.filter(Boolean).join(' '),
    ConditionExpression: condition,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ...(given.length > 0 && { ExpressionAttributeValues: Object.fromEntries(given) }),
  };
}
