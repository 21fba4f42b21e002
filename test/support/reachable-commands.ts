import { relative, resolve } from 'node:path';
import {
  type BindingElement,
  type Expression,
  type Identifier,
  type NewExpression,
  type Node,
  type ObjectLiteralExpression,
  SyntaxKind,
  type VariableDeclaration,
} from 'typescript/unstable/ast';
import { API, type Symbol as Named, type NodeHandle, type Project, SymbolFlags } from 'typescript/unstable/sync';

/** Where a command of the SDK is made: `adapters/aws/dynamo-once.ts UpdateCommand`. */
export type CommandSite = `${string} ${string}`;

/** `new XCommand(...)` and `new Upload(...)`; `paginateX(...)` makes its commands inside the SDK. */
const MAKES_COMMANDS = /^(?:[A-Z]\w+Command|Upload|paginate[A-Z]\w+)$/;

/**
 * The commands that the code of an entry can come to, by the type checker: what a function names is looked into; a method
 * of an object is looked into only where something reachable asks for the property of its interface that it stands for.
 * So a port with ten methods counts as the three that are called.
 */
export function openReachability(root = process.cwd()) {
  const api = new API({ cwd: root });
  const snapshot = api.updateSnapshot({ openProjects: [resolve(root, 'tsconfig.json')] });
  const [project] = snapshot.getProjects();
  if (!project) throw new Error('tsconfig.json opens no project');
  return {
    commandsOf: (entry: string) => commandsOf(project, root, resolve(root, entry)),
    close: () => api.close(),
  };
}

function commandsOf(project: Project, root: string, entry: string): readonly CommandSite[] {
  const { checker, program } = project;
  const isOurs = (path: string) => path.startsWith(root) && !path.includes('/node_modules/');
  const sites = new Set<CommandSite>();
  const seen = new Set<number | string>();
  const asked = new Set<string>();
  const waiting = new Map<string, Node[]>();
  const todo: Node[] = [];

  const keyOf = ({ path, index }: NodeHandle) => `${path}:${index}`;

  /** Something reachable names this. */
  function name(given: Named | undefined): void {
    if (!given || seen.has(given.id)) return;
    seen.add(given.id);
    const symbol = given.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(given) : given;
    for (const handle of symbol.declarations) {
      if (!isOurs(handle.path)) continue;
      const key = keyOf(handle);
      if (asked.has(key)) continue;
      asked.add(key);
      todo.push(...(waiting.get(key) ?? []));
      waiting.delete(key);
      if (LOOKED_INTO.has(handle.kind)) {
        const node = handle.resolve(project);
        if (node) todo.push(node);
      }
    }
  }

  /** A function in an object waits until somebody asks for the property that its interface has of us. */
  function member(object: ObjectLiteralExpression, property: string, body: Node): void {
    const type = checker.getContextualType(object as Expression);
    const plain = type && checker.getNonNullableType(type);
    const wanted = plain && checker.getPropertyOfType(plain, property);
    const ours = wanted?.declarations.filter(({ path }) => isOurs(path)) ?? [];
    if (ours.length === 0 || ours.some((each) => asked.has(keyOf(each)))) return void todo.push(body);
    for (const each of ours) waiting.set(keyOf(each), [...(waiting.get(keyOf(each)) ?? []), body]);
  }

  function look(top: Node): void {
    const file = relative(root, top.getSourceFile().fileName);
    const identifiers: Identifier[] = [];
    const walk = (node: Node): void => {
      if (isType(node) || node.kind === SyntaxKind.ImportDeclaration) return;
      if (node !== top && isNamedFunction(node)) return; // looked into where its name is used
      if (node.kind === SyntaxKind.ObjectLiteralExpression) return void object(node as ObjectLiteralExpression);
      if (node.kind === SyntaxKind.Identifier) identifiers.push(node as Identifier);
      if (node.kind === SyntaxKind.BindingElement) bound(node as BindingElement);
      const called = calleeOf(node);
      if (called !== undefined && MAKES_COMMANDS.test(called)) sites.add(`${file} ${called}`);
      node.forEachChild((child) => void walk(child));
    };
    const object = (literal: ObjectLiteralExpression): void => {
      for (const each of literal.properties) {
        const body = each.kind === SyntaxKind.PropertyAssignment ? each.initializer : each;
        const property = each.kind === SyntaxKind.SpreadAssignment ? '' : each.name.getText();
        if (each.kind === SyntaxKind.ShorthandPropertyAssignment) name(checker.getShorthandAssignmentValueSymbol(each));
        else if (FUNCTIONS.has(body.kind)) member(literal, property, body);
        else if (each.kind === SyntaxKind.SpreadAssignment) walk(each.expression);
        else walk(body);
      }
    };
    const bound = ({ parent, propertyName, name: local }: BindingElement): void => {
      const wanted = propertyName ?? local;
      if (wanted === undefined || parent.kind !== SyntaxKind.ObjectBindingPattern) return;
      const type = checker.getTypeAtLocation(parent);
      name(type && checker.getPropertyOfType(type, wanted.getText()));
    };
    if (top.kind === SyntaxKind.SourceFile || FUNCTIONS.has(top.kind)) top.forEachChild((child) => void walk(child));
    else walk(top);
    for (const symbol of identifiers.length > 0 ? checker.getSymbolAtLocation(identifiers) : []) name(symbol);
  }

  const start = program.getSourceFile(entry);
  if (!start) throw new Error(`${entry} is not in the project`);
  todo.push(start);
  const module = checker.getSymbolAtLocation(start);
  for (const each of module ? checker.getExportsOfModule(module) : []) name(each);
  const looked = new Set<Node>();
  for (let next = todo.pop(); next; next = todo.pop()) {
    if (looked.has(next)) continue;
    looked.add(next);
    look(next);
  }
  return [...sites].sort();
}

const FUNCTIONS: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.ArrowFunction,
  SyntaxKind.FunctionExpression,
  SyntaxKind.MethodDeclaration,
]);

const LOOKED_INTO: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.FunctionDeclaration,
  SyntaxKind.VariableDeclaration,
  SyntaxKind.ClassDeclaration,
]);

const isType = ({ kind }: Node): boolean =>
  (kind >= SyntaxKind.FirstTypeNode && kind <= SyntaxKind.LastTypeNode) ||
  kind === SyntaxKind.InterfaceDeclaration ||
  kind === SyntaxKind.TypeAliasDeclaration;

function isNamedFunction(node: Node): boolean {
  const { initializer } = node as VariableDeclaration;
  return (
    node.kind === SyntaxKind.FunctionDeclaration ||
    (node.kind === SyntaxKind.VariableDeclaration && initializer !== undefined && FUNCTIONS.has(initializer.kind))
  );
}

function calleeOf(node: Node): string | undefined {
  const isCall = node.kind === SyntaxKind.NewExpression || node.kind === SyntaxKind.CallExpression;
  const { expression } = node as NewExpression;
  return isCall && expression.kind === SyntaxKind.Identifier ? expression.getText() : undefined;
}
