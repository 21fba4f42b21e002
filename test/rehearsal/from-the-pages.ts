import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { clientOf, type Got } from '../support/api-client.ts';
import { CLIP, messages, type Rehearsal, submitted } from './acts.ts';
import { batchJob, endEvent, environmentOf, runContainer } from './container.ts';
import { apiSettings, type HttpApi, openHttpApi } from './http-api.ts';
import { openPeople, type People, type Person } from './people.ts';
import { expectEqual, expectTrue } from './steps.ts';

type Call = (operation: string, given?: Record<string, unknown>) => Promise<Got>;
type Doors = { readonly api: HttpApi; readonly people: People; readonly as: (person: Person) => Call };

const begun = z.object({ upload: z.string(), bytes: z.number(), partBytes: z.number(), parts: z.number() });
const signed = z.object({ urls: z.array(z.object({ url: z.string(), headers: z.record(z.string(), z.string()) })) });
const listed = z.object({ jobs: z.array(z.object({ job: z.string(), state: z.string() })) });

/** People with a browser: who is let in, and a film that comes and goes through the function of the API. */
export async function fromThePages(rehearsal: Rehearsal): Promise<void> {
  const { step, stage } = rehearsal;
  const settings = apiSettings(stage.deployed);
  const people = openPeople({ issuer: settings.issuer, audience: settings.audience[0] ?? '' });
  const api = await step('a server stands in for API Gateway and Cognito, with routes and rules of the template', () =>
    openHttpApi(stage.deployed, settings, people.keys),
  );
  try {
    const document = await step('pages, and the document of the API, are for anyone', () => openToAnyone(api));
    const as = (person: Person): Call => clientOf(document, (sent) => ask(api, sent, people.tokenOf(person)));
    const doors = { api, people, as };
    await step('whoever has no token of this stage, or an old one, is not let in', () => notLetIn(doors));
    const key = await step('Ann uploads a film in parts, straight to the bucket', () => uploaded(doors));
    await step('it is a job that she sees, and that nobody else does', async () => {
      const { id } = await submitted(rehearsal, key);
      await seenByWhomItMay(doors, id);
    });
    await step('it is made, and she plays the result and has it made again', () => madeFor(rehearsal, doors, key));
  } finally {
    await api.close();
  }
}

async function openToAnyone(api: HttpApi): Promise<unknown> {
  const page = await fetch(`${api.url}/`);
  expectEqual([page.status, page.headers.get('content-type')], [200, 'text/html; charset=utf-8'], 'the page');
  expectEqual((await fetch(`${api.url}/api/sign-in`)).status, 200, 'how to sign in');
  return (await fetch(`${api.url}/api/openapi.json`)).json();
}

async function notLetIn({ api, people }: Doors): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const before = api.calls();
  const refused = {
    nothing: undefined,
    'no token': 'Bearer x',
    'an expired token': people.tokenOf('ann', { claims: { exp: now - 1 } }),
    'a token of later': people.tokenOf('ann', { claims: { nbf: now + 600 } }),
    'a token of another stage': people.tokenOf('ann', { claims: { iss: 'https://cognito.example/other' } }),
    'a token for another client': people.tokenOf('ann', { claims: { aud: 'other' } }),
    'a token by another key': people.tokenOf('ann', { byAnotherKey: true }),
    'a token by an unknown key': people.tokenOf('ann', { kid: 'unknown' }),
    'a token without a signature': people.unsigned('olga'),
    'a token signed by the public key': people.signedByThePublicKey('olga'),
    "Ann's token with Olga's claims": mixed(people.tokenOf('ann'), people.tokenOf('olga')),
  };
  for (const [what, token] of Object.entries(refused))
    expectEqual((await ask(api, { method: 'GET', path: '/api/jobs', query: '' }, token)).status, 401, what);
  expectEqual(api.calls(), before, 'calls of the function');
  // API Gateway lets in an access token, which names its client elsewhere; the function does not
  const client = claimOf(people.tokenOf('ann'), 'aud');
  const access = people.tokenOf('ann', { claims: { token_use: 'access', aud: undefined, client_id: client } });
  const { status, json } = await ask(api, { method: 'GET', path: '/api/jobs', query: '' }, access);
  expectEqual([status, (json as { code?: string }).code], [401, 'signed-out'], 'an access token');
  expectEqual(api.calls(), before + 1, 'calls of the function');
}

async function uploaded({ as }: Doors): Promise<string> {
  const film = await readFile(CLIP);
  const asked = {
    recipe: 'preserve',
    path: 'from the pages.mp4',
    bytes: film.length,
    settings: { preset: 'ultrafast' },
  };
  const { upload, partBytes, parts: count } = begun.parse((await as('ann')('beginUpload', { body: asked })).json);
  expectEqual((await as('bob')('upload', { upload })).status, 404, "Bob's look at Ann's upload");
  const bodies = Array.from({ length: count }, (_, at) => film.subarray(at * partBytes, (at + 1) * partBytes));
  const parts = bodies.map((body, at) => ({
    number: at + 1,
    checksum: createHash('sha256').update(body).digest('base64'),
  }));
  const { urls } = signed.parse((await as('ann')('signParts', { upload, body: { parts } })).json);
  for (const [at, { url, headers }] of urls.entries())
    expectEqual((await fetch(url, { method: 'PUT', headers, body: bodies[at] ?? '' })).status, 200, `part ${at + 1}`);
  const there = (await as('ann')('upload', { upload })).json as { there: readonly object[] };
  expectEqual(there.there.length, count, 'the parts that are there');
  const done = await as('ann')('completeUpload', { upload, body: { parts } });
  expectEqual(done.status, 200, 'the end of the upload');
  const key = 'input/preserve/user-ann/from the pages.mp4';
  expectEqual((done.json as { key: string }).key, key, 'where it lies');
  return key;
}

async function seenByWhomItMay({ as }: Doors, job: string): Promise<void> {
  const seen = async (person: Person) => listed.parse((await as(person)('jobs')).json).jobs.map((each) => each.job);
  expectEqual(await seen('ann'), [job], "Ann's jobs");
  expectEqual(await seen('bob'), [], "Bob's jobs");
  expectTrue((await seen('olga')).includes(job), 'the operator does not see it');
  for (const operation of ['job', 'retry', 'cancel']) {
    const { status, json } = await as('bob')(operation, { job });
    expectEqual([status, (json as { code?: string }).code], [404, 'no-input'], `${operation} by Bob`);
  }
  expectEqual((await as('ann')('job', { job })).status, 200, "Ann's look at her job");
}

async function madeFor(rehearsal: Rehearsal, { as }: Doors, key: string): Promise<void> {
  const { stage, program } = rehearsal;
  const [{ id, sent } = { id: '', sent: undefined }] = (await stage.jobs.list(100)).filter((job) => job.source === key);
  const submission = await batchJob(stage.batch, sent?.reference ?? '');
  const end = await runContainer(stage, { program, environment: environmentOf(submission) });
  expectEqual(end.exitCode, 0, 'the end of its container');
  await stage.deployed.invoke('onJobChange', endEvent(submission, end));
  const [notice] = await stage.notices();
  expectEqual(notice?.details.page, `${stage.deployed.outputs.PagesUrl}/#/jobs/${id}`, 'the page of the notice');
  const shown = z
    .object({ state: z.string(), manifest: z.object({ renditions: z.array(z.object({ path: z.string() })) }) })
    .parse((await as('ann')('job', { job: id })).json);
  expectEqual(shown.state, 'done', 'its state');
  const path = shown.manifest.renditions[0]?.path ?? '';
  const { url } = (await as('ann')('file', { job: id, path, as: 'url' })).json as { url: string };
  const range = await fetch(url, { headers: { range: 'bytes=4-7' } });
  expectEqual([range.status, await range.text()], [206, 'ftyp'], 'the film at its address');
  expectEqual((await as('ann')('retry', { job: id })).status, 200, 'its retry');
  expectEqual((await messages(stage)).Records.length, 1, 'messages among the drops');
}

async function ask(
  { url }: HttpApi,
  { method, path, query, body }: { method: string; path: string; query: string; body?: unknown },
  token: string | undefined,
): Promise<Got> {
  const answer = await fetch(`${url}${path}${query ? `?${query}` : ''}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, json: text === '' ? undefined : JSON.parse(text) };
}

/** The header and signature of one token around the claims of another. */
function mixed(one: string, other: string): string {
  const [head, , signature] = one.split('.');
  return `${head}.${other.split('.')[1]}.${signature}`;
}

const claimOf = (token: string, name: string): unknown =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())[name];
