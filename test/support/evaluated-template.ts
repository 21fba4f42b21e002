import { RETURNED, type Returned } from './cloudformation-returns.ts';
import type { Json, JsonObject, Resource, Template } from './packaged-template.ts';

/** Where the template is thought to be deployed. */
export type Deployment = {
  readonly account: string;
  readonly region: string;
  readonly stack: string;
  /** Over the template's defaults. */
  readonly parameters?: Readonly<Record<string, string>>;
};

/** A resource as CloudFormation would make it: no function is left in its properties, and its condition holds. */
export type Made = { readonly id: string; readonly Type: string; readonly Properties: JsonObject } & Returned;

const NO_VALUE = Symbol('AWS::NoValue');
type Value = Json | typeof NO_VALUE;

/**
 * The template with every Ref, GetAtt, Sub, If and Join put in, as CloudFormation does it, and with what each type of resource
 * is documented to return. Resources whose condition does not hold are left out. Throws at what it does not know.
 */
export function evaluated(template: Template, deployment: Deployment): ReadonlyMap<string, Made> {
  const { account, region, stack } = deployment;
  const pseudo: Readonly<Record<string, Value>> = {
    'AWS::AccountId': account,
    'AWS::Region': region,
    'AWS::StackName': stack,
    'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/${stack}/01234567-89ab-cdef-0123-456789abcdef`,
    'AWS::Partition': region.startsWith('cn-') ? 'aws-cn' : 'aws',
    'AWS::URLSuffix': region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com',
    'AWS::NoValue': NO_VALUE,
  };
  const made = new Map<string, Made>();
  const underWay = new Set<string>();

  const holds = (name: string): boolean => {
    const condition = template.Conditions[name];
    if (condition === undefined) throw new Error(`no condition ${name}`);
    return test(condition);
  };
  function test(condition: Json): boolean {
    const [kind = '', given] = only(condition);
    const parts = Array.isArray(given) ? given : [];
    if (kind === 'Fn::Equals') return resolve(parts[0]) === resolve(parts[1]);
    if (kind === 'Fn::Not') return !test(parts[0]);
    if (kind === 'Fn::And') return parts.every(test);
    if (kind === 'Fn::Or') return parts.some(test);
    if (kind === 'Condition') return holds(String(given));
    throw new Error(`no condition function ${kind}`);
  }

  function resource(id: string): Made {
    const before = made.get(id);
    if (before) return before;
    const given: Resource | undefined = template.Resources[id];
    if (!given) throw new Error(`no resource ${id}`);
    if (given.Condition !== undefined && !holds(given.Condition))
      throw new Error(`${id} is referred to, but its condition ${given.Condition} does not hold`);
    if (underWay.has(id)) throw new Error(`${id} refers to itself`);
    underWay.add(id);
    const returns = RETURNED[given.Type];
    if (!returns) throw new Error(`what ${given.Type} returns is not known: add it to cloudformation-returns.ts`);
    const properties = object(given.Properties ?? {});
    const returned = returns({ id, properties, account, region, stack, partition: String(pseudo['AWS::Partition']) });
    const whole = { id, Type: given.Type, Properties: properties, ...returned };
    made.set(id, whole);
    underWay.delete(id);
    return whole;
  }

  function ref(name: string): Value {
    if (name in pseudo) return pseudo[name] ?? null;
    if (name in template.Parameters) {
      const value = deployment.parameters?.[name] ?? template.Parameters[name]?.Default ?? '';
      return template.Parameters[name]?.Type === 'CommaDelimitedList' ? value.split(',') : value;
    }
    return resource(name).Ref;
  }
  function getAtt(id: string, attribute: string): string {
    const value = resource(id).attributes[attribute];
    if (value === undefined) throw new Error(`what GetAtt ${id}.${attribute} gives is not known`);
    return value;
  }
  function sub(given: Json): string {
    const [text, own] = Array.isArray(given) ? given : [given, {}];
    const values = own as JsonObject;
    return String(text).replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (name in values) return String(resolve(values[name]));
      const [id = '', ...attribute] = name.split('.');
      return String(attribute.length > 0 ? getAtt(id, attribute.join('.')) : ref(name));
    });
  }

  function resolve(value: Json | undefined): Value {
    if (value === undefined) return NO_VALUE;
    if (Array.isArray(value)) return value.map(resolve).filter((each) => each !== NO_VALUE);
    if (value === null || typeof value !== 'object') return value;
    const [name, given] = only(value);
    const parts = Array.isArray(given) ? given : [];
    switch (name) {
      case 'Ref':
        return ref(String(given));
      case 'Fn::GetAtt': {
        const [id = '', ...attribute] = Array.isArray(given) ? given.map(String) : String(given).split('.');
        return getAtt(id, attribute.join('.'));
      }
      case 'Fn::Sub':
        return sub(given ?? '');
      case 'Fn::Join':
        return list(resolve(parts[1])).map(String).join(String(parts[0]));
      case 'Fn::Select':
        return list(resolve(parts[1]))[Number(resolve(parts[0]))] ?? NO_VALUE;
      case 'Fn::Split':
        return String(resolve(parts[1])).split(String(parts[0]));
      case 'Fn::GetAZs':
        return ['a', 'b', 'c', 'd'].map((zone) => `${region}${zone}`);
      case 'Fn::Base64':
        return Buffer.from(String(resolve(given))).toString('base64');
      case 'Fn::If':
        return resolve(holds(String(parts[0])) ? parts[1] : parts[2]);
      default:
        if (name?.startsWith('Fn::')) throw new Error(`${name} is not known here`);
        return object(value as JsonObject);
    }
  }
  const object = (value: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(value).flatMap(([key, each]) => {
        const resolved = resolve(each);
        return resolved === NO_VALUE ? [] : [[key, resolved]];
      }),
    );

  for (const [id, { Condition }] of Object.entries(template.Resources)) {
    if (Condition === undefined || holds(Condition)) resource(id);
  }
  return made;
}

/** A function of CloudFormation is an object of one key. */
function only(value: Json): [string | undefined, Json | undefined] {
  const keys = value !== null && typeof value === 'object' ? Object.keys(value) : [];
  return keys.length === 1 ? [keys[0], (value as JsonObject)[keys[0] ?? '']] : [undefined, undefined];
}

const list = (value: Value): readonly Json[] => (Array.isArray(value) ? value : []);
