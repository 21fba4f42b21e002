import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { capture } from '../../scripts/child.mjs';
import { exclusively } from '../../scripts/exclusively.mjs';
import { withTemporaryFolder } from '../../scripts/temporary-folder.mjs';
import { filesOfTheRepository } from './repository.ts';

export const DEPLOYED_STAGES = ['dev', 'test', 'prod'] as const;

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };
export type Resource = {
  readonly id: string;
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties: JsonObject;
  readonly DeletionPolicy?: string;
  readonly UpdatePolicy?: JsonObject;
};
export type Template = {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Parameters: Readonly<Record<string, { readonly Type?: string; readonly Default?: string }>>;
  readonly Conditions: JsonObject;
  readonly Outputs: JsonObject;
};

const READ =
  /^(serverless\.yml$|package-lock\.json$|(resources|stages|scripts|functions|tasks|app|core|adapters|runtime|media)\/)/;

/**
 * What `serverless package` makes of a stage: the template, and the folder it lies in beside the functions' zips. Made
 * once for one state of the sources; without credentials, and with every address of AWS turned into a dead end. Its home
 * is a folder of ours, where serverless keeps the validation that it compiles: that is half of its work.
 */
export async function packaged(stage: string, params: readonly string[] = []) {
  const folder = join('.cache', 'templates', await stateOfSources([stage, ...params]));
  await exclusively(join('.cache', 'package.lock'), async () => {
    if (!existsSync(folder)) await make(stage, params, folder);
  });
  const text = await readFile(join(folder, 'cloudformation-template-update-stack.json'), 'utf8');
  const template = JSON.parse(text) as Template;
  const resources = Object.entries(template.Resources).map(([id, resource]) => ({ ...resource, id }));
  return { template, resources, folder, of: (type: string) => resources.filter((each) => each.Type === type) };
}
export type Packaged = Awaited<ReturnType<typeof packaged>>;

async function make(stage: string, params: readonly string[], folder: string): Promise<void> {
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  const given = params.flatMap((param) => ['--param', param]);
  const args = ['node_modules/serverless/bin/serverless.js', 'package', '--stage', stage, '--package', unfinished];
  const environment = {
    PATH: process.env.PATH,
    HOME: resolve('.cache', 'serverless-home'),
    HTTPS_PROXY: 'http://127.0.0.1:1',
    HTTP_PROXY: 'http://127.0.0.1:1',
  };
  const { code, stderr } = await withTemporaryFolder((variables) =>
    capture(process.execPath, [...args, ...given], { env: { ...environment, ...variables } }),
  );
  if (code !== 0) throw new Error(`serverless package --stage ${stage} exited ${code}:\n${stderr}`);
  await rename(unfinished, folder);
}

async function stateOfSources(parts: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(parts));
  const paths = (await filesOfTheRepository()).filter((path) => READ.test(path)).sort();
  for (const path of paths) hash.update(path).update(await readFile(path));
  return hash.digest('hex').slice(0, 24);
}

/** What stands at a path of keys: `at(resource.Properties, 'ContainerProperties', 'Image')`. */
export function at(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (inner, key) => (inner !== null && typeof inner === 'object' ? (inner as JsonObject)[key] : undefined),
    value,
  );
}

export const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

/** The logical id something refers to: a Ref, or the first part of a GetAtt. */
export function referredTo(value: Json | undefined): string | undefined {
  const name = at(value, 'Ref') ?? at(value, 'Fn::GetAtt', 0);
  return typeof name === 'string' ? name : undefined;
}

/** Every string inside, whatever it stands in. */
export function stringsIn(value: Json | undefined): string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(stringsIn) : [];
}
