/** Attributes to set; undefined removes one. */
export type Changes = Readonly<Record<string, unknown>>;

/**
 * What UpdateItem wants for these changes. All names go through placeholders, since `state`, `source` and a hundred
 * others are reserved; `condition` names attributes as `#name` and values as `:name`.
 */
export function updateExpression(changes: Changes, condition: string, values: Readonly<Record<string, unknown>> = {}) {
  const entries = Object.entries(changes);
  const set = entries.filter(([, value]) => value !== undefined);
  const removed = entries.filter(([, value]) => value === undefined);
  const clauses = [
    set.length > 0 && `SET ${set.map(([name]) => `#${name} = :set_${name}`).join(', ')}`,
    removed.length > 0 && `REMOVE ${removed.map(([name]) => `#${name}`).join(', ')}`,
  ];
  const inCondition = [...condition.matchAll(/#(\w+)/g)].map(([, name = '']) => name);
  const names = [...entries.map(([name]) => name), ...inCondition];
  const all = [
    ...set.map(([name, value]) => [`:set_${name}`, value]),
    ...Object.entries(values).map(([name, value]) => [`:${name}`, value]),
  ];
  return {
    UpdateExpression: clauses.filter(Boolean).join(' '),
    ConditionExpression: condition,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ...(all.length > 0 && { ExpressionAttributeValues: Object.fromEntries(all) }),
  };
}
