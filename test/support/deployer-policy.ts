import { readFile } from 'node:fs/promises';
import { DEFAULT_SCHEMA, load, Type } from 'js-yaml';

export type Statement = {
  readonly Sid: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: object;
};
type Resource = {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
};

/** CloudFormation's short forms, as the objects they stand for. */
const TAGS = ['Ref', 'Sub', 'GetAtt', 'Join', 'Not', 'Equals', 'And', 'If', 'Condition'].flatMap((name) =>
  (['scalar', 'sequence', 'mapping'] as const).map(
    (kind) =>
      new Type(`!${name}`, {
        kind,
        construct: (value: unknown) => ({ [name === 'Ref' ? name : `Fn::${name}`]: value }),
      }),
  ),
);

/** What resources/bootstrap.yml makes, with its references as they are written. */
export async function bootstrapTemplate(): Promise<Readonly<Record<string, Resource>>> {
  const template = load(await readFile('resources/bootstrap.yml', 'utf8'), { schema: DEFAULT_SCHEMA.extend(TAGS) });
  const { Resources } = template as { readonly Resources: Readonly<Record<string, Resource>> };
  return Resources;
}

export const bootstrapTypes = async (): Promise<readonly string[]> =>
  [...new Set(Object.values(await bootstrapTemplate()).map(({ Type }) => Type))].sort();

/** resources/deployer.yml for one stage, with what its references mean in an account. */
export async function deployerTemplate(stage: string): Promise<Readonly<Record<string, Resource>>> {
  const template = load(await readFile('resources/deployer.yml', 'utf8'), { schema: DEFAULT_SCHEMA.extend(TAGS) });
  const values: Readonly<Record<string, string>> = {
    Stage: stage,
    Repository: 'me/mill',
    'AWS::Partition': 'aws',
    'AWS::Region': 'us-east-1',
    'AWS::AccountId': '123456789012',
  };
  const { Resources } = filledIn(template, values) as { Resources: Readonly<Record<string, Resource>> };
  return Resources;
}

function filledIn(value: unknown, values: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((each) => filledIn(each, values));
  if (value === null || typeof value !== 'object') return value;
  const [[key, inner] = ['', undefined], ...more] = Object.entries(value);
  if (more.length === 0 && key === 'Ref') return values[String(inner)] ?? String(inner);
  if (more.length === 0 && key === 'Fn::Sub')
    return String(inner).replace(/\$\{([\w:]+)\}/g, (_, name) => values[name] ?? '');
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filledIn(each, values)]));
}

/** The statements of some of its policies. */
export async function statementsOf(stage: string, policies: readonly string[]): Promise<readonly Statement[]> {
  const resources = await deployerTemplate(stage);
  return policies.flatMap((id) => {
    const document = resources[id]?.Properties.PolicyDocument as { Statement: Statement[] };
    return document.Statement.map((each) => ({
      ...each,
      Action: [each.Action].flat(),
      Resource: [each.Resource].flat(),
    }));
  });
}

/** IAM's own: * stands for any text, and actions are the same in capitals. */
export const matches = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  ).test(text);
