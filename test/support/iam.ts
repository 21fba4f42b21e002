import type { Made } from './evaluated-template.ts';
import { at, type Json, type JsonObject, list } from './packaged-template.ts';

/** One request as IAM sees it. */
export type Asked = {
  readonly action: string;
  readonly resource: string;
  /** Keys of conditions that the service fills in: `cloudwatch:namespace`, `dynamodb:LeadingKeys`. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
};

export type Statement = {
  /** The role's logical id, and the statement's own. */
  readonly role: string;
  readonly sid: string;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: JsonObject;
};

/** The statements of a role: of its own policies, and of the managed policies that are attached to it. */
export function statementsOf(made: ReadonlyMap<string, Made>, role: string): readonly Statement[] {
  const its = made.get(role);
  if (!its) throw new Error(`no role ${role}`);
  const own = list(at(its.Properties, 'Policies')).map((policy) => at(policy, 'PolicyDocument', 'Statement'));
  const attachedTo = [...made.values()]
    .filter(({ Type, Properties }) => Type === 'AWS::IAM::ManagedPolicy' && list(Properties.Roles).includes(its.Ref))
    .map(({ Properties }) => at(Properties, 'PolicyDocument', 'Statement'));
  const named = list(at(its.Properties, 'ManagedPolicyArns')).map((each) => managed(made, String(each)));
  return [...own, ...attachedTo, ...named].flatMap((each) => [each ?? []].flat()).map((each) => read(role, each));
}

/** The statements of a resource's policy that speak of a service. */
export function policyStatements(
  made: ReadonlyMap<string, Made>,
  policy: string,
  service: string,
): readonly Statement[] {
  const its = made.get(policy);
  if (!its) throw new Error(`no policy ${policy}`);
  return list(at(its.Properties, 'PolicyDocument', 'Statement'))
    .filter((each) => {
      const principal = at(each, 'Principal');
      return principal === '*' || texts(at(principal, 'Service')).includes(service);
    })
    .map((each) => read(policy, each));
}

function managed(made: ReadonlyMap<string, Made>, arn: string): Json {
  const ours = [...made.values()].find(({ Type, Ref }) => Type === 'AWS::IAM::ManagedPolicy' && Ref === arn);
  const statements = ours && at(ours.Properties, 'PolicyDocument', 'Statement');
  if (statements === undefined) throw new Error(`what the managed policy ${arn} allows is not known`);
  return statements;
}

const read = (role: string, statement: Json): Statement => ({
  role,
  sid: String(at(statement, 'Sid') ?? ''),
  effect: String(at(statement, 'Effect')),
  actions: texts(at(statement, 'Action')),
  resources: texts(at(statement, 'Resource')),
  condition: (at(statement, 'Condition') ?? {}) as JsonObject,
});

const texts = (value: Json | undefined): readonly string[] =>
  value === undefined ? [] : [value].flat().map((each) => String(each));

/** As IAM decides: a Deny that matches wins, otherwise an Allow has to match. */
export function isAllowed(statements: readonly Statement[], asked: Asked): boolean {
  const matching = statements.filter((each) => matches(each, asked));
  return matching.some(({ effect }) => effect === 'Allow') && !matching.some(({ effect }) => effect === 'Deny');
}

export const matches = (
  { actions, resources, condition }: Statement,
  { action, resource, context = {} }: Asked,
): boolean =>
  actions.some((each) => isLike(each.toLowerCase(), action.toLowerCase())) &&
  resources.some((each) => isArnLike(each, resource)) &&
  Object.entries(condition).every(([operator, keys]) => meets(operator, keys as JsonObject, context));

function meets(operator: string, keys: JsonObject, context: NonNullable<Asked['context']>): boolean {
  return Object.entries(keys).every(([key, wanted]) => {
    const values = context[key] === undefined ? [] : [context[key]].flat();
    const [, quantifier = '', plain = '', ifExists] =
      /^(ForAllValues:|ForAnyValue:)?(.*?)(IfExists)?$/.exec(operator) ?? [];
    if (plain === 'Null') return (values.length === 0) === (wanted === 'true'); // whether the key is not there at all
    const one = (value: string) => texts(wanted).some((each) => compared(plain, each, value));
    if (quantifier === 'ForAllValues:') return values.every(one); // true where there is none
    if (values.length === 0) return ifExists !== undefined;
    return values.some(one);
  });
}

function compared(operator: string, wanted: string, value: string): boolean {
  switch (operator) {
    case 'StringEquals':
    case 'ArnEquals': // IAM gives both operators of ARNs the same meaning
    case 'ArnLike':
      return operator === 'StringEquals' ? wanted === value : isArnLike(wanted, value);
    case 'StringLike':
      return isLike(wanted, value);
    case 'Bool':
      return wanted === value;
    case 'NumericLessThan':
      return Number(value) < Number(wanted);
    default:
      throw new Error(`the condition operator ${operator} is not known here`);
  }
}

/** Each of an ARN's six parts for itself: a `*` in the fifth does not reach over the colon into the sixth. */
export function isArnLike(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const wanted = parts(pattern);
  const given = parts(arn);
  return wanted.length === given.length && wanted.every((each, i) => isLike(each, given[i] ?? ''));
}

function parts(arn: string): readonly string[] {
  const [a = '', b = '', c = '', d = '', e = '', ...rest] = arn.split(':');
  return rest.length === 0 ? [arn] : [a, b, c, d, e, rest.join(':')];
}

/** `*` is any number of characters, `?` is one. */
function isLike(pattern: string, text: string): boolean {
  const source = [...pattern].map((c) => (c === '*' ? '.*' : c === '?' ? '.' : c.replace(/[\\^$.|+()[\]{}]/, '\\$&')));
  return new RegExp(`^${source.join('')}$`, 's').test(text);
}
