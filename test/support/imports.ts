import { parseSync } from '@swc/core';

export type Import = { readonly specifier: string; readonly typeOnly: boolean };

export type ModuleFacts = {
  /** Static, dynamic, re-exported and of types alike. A computed one is given as "?". */
  readonly imports: readonly Import[];
  /** Whether it names process.env, however it is written. */
  readonly readsEnvironment: boolean;
};

type Node = Readonly<Record<string, unknown>>;

const known = new Map<string, ModuleFacts>();

/** What a module's syntax tree says of its neighbours: comments and strings cannot deceive it. */
export function moduleFacts(source: string, path: string): ModuleFacts {
  const key = `${path}\n${source}`;
  const facts = known.get(key) ?? readFacts(source, path);
  known.set(key, facts);
  return facts;
}

function readFacts(source: string, path: string): ModuleFacts {
  const typescript = /\.[mc]?tsx?$/.test(path);
  const tree = typescript
    ? parseSync(source, { syntax: 'typescript', tsx: path.endsWith('x'), target: 'es2022' })
    : parseSync(source, { syntax: 'ecmascript', jsx: path.endsWith('x'), target: 'es2022' });
  const nodes = nodesIn(tree);
  return { imports: nodes.flatMap(importsOf), readsEnvironment: nodes.some(namesEnvironment) };
}

/** A node before those below it. A generator that hands on what others yield passes each node once for every level above it. */
function nodesIn(value: unknown, found: Node[] = []): readonly Node[] {
  if (Array.isArray(value)) {
    for (const each of value) nodesIn(each, found);
  } else if (isNode(value)) {
    found.push(value);
    for (const each of Object.values(value)) nodesIn(each, found);
  }
  return found;
}

function importsOf(node: Node): Import[] {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      if (!node.source) return []; // an export of its own
      return [{ specifier: text(node.source), typeOnly: node.typeOnly === true || onlyTypes(node.specifiers) }];
    case 'TsImportType':
      return [{ specifier: text(node.argument), typeOnly: true }];
    case 'CallExpression':
      return loads(node.callee) ? [{ specifier: text(firstArgument(node)), typeOnly: false }] : [];
    default:
      return [];
  }
}

function loads(callee: unknown): boolean {
  return isNode(callee) && (callee.type === 'Import' || named(callee, 'require'));
}

function namesEnvironment(node: Node): boolean {
  if (node.type === 'MemberExpression') {
    const property = isNode(node.property) ? node.property : {};
    const key = property.type === 'Computed' ? property.expression : property;
    return isProcess(node.object) && (named(key, 'env') || text(key) === 'env');
  }
  if (node.type === 'ImportDeclaration') {
    return /^(?:node:)?process$/.test(text(node.source)) && nodesIn(node.specifiers).some((each) => named(each, 'env'));
  }
  if (node.type === 'VariableDeclarator') {
    const pattern = isNode(node.id) && node.id.type === 'ObjectPattern' ? node.id.properties : [];
    return isProcess(node.init) && nodesIn(pattern).some((each) => named(each, 'env'));
  }
  return false;
}

/** `process` itself, or one reached through globalThis. */
function isProcess(value: unknown): boolean {
  if (!isNode(value)) return false;
  return named(value, 'process') || (value.type === 'MemberExpression' && named(value.property, 'process'));
}

function onlyTypes(specifiers: unknown): boolean {
  const each = Array.isArray(specifiers) ? specifiers.filter(isNode) : [];
  return each.length > 0 && each.every((specifier) => specifier.isTypeOnly === true);
}

function firstArgument(call: Node): unknown {
  const [first] = Array.isArray(call.arguments) ? call.arguments : [];
  return isNode(first) ? first.expression : undefined;
}

function text(value: unknown): string {
  return isNode(value) && value.type === 'StringLiteral' && typeof value.value === 'string' ? value.value : '?';
}

function named(value: unknown, name: string): boolean {
  return isNode(value) && value.type === 'Identifier' && value.value === name;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}
