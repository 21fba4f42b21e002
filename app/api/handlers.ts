import type { Caller } from '../../core/api/caller.ts';
import { openApiDocument } from '../../core/api/openapi.ts';
import { readInput } from '../../core/api/read-input.ts';
import { type AnswerOf, ROUTES, type RouteName } from '../../core/api/routes.ts';
import { ServiceError } from '../../core/errors.ts';
import type { CodeSender, SignedIn } from '../../core/ports/code-sender.ts';
import type { ApiPorts } from './api-ports.ts';
import { beginUpload } from './begin-upload.ts';
import { putHouse, showHouse } from './house.ts';
import { addressOfFile, countUse } from './job-files.ts';
import { listJobs, showJob } from './jobs.ts';
import { redeemCode, renewToken, showSession, showSignInWay } from './people.ts';
import { importPlaylist, listPlaylists, putPlaylist, removePlaylist, showPlaylist } from './playlists.ts';
import { listRecipes, planFilm } from './recipes.ts';
import { cancelJob, retryJob } from './steer-job.ts';
import { abortUpload, completeUpload, listUploads, showUpload, signParts } from './uploads.ts';

/** A request whose caller is known. Its parts are read by the schemas of its route. */
type AskedOfRoute = {
  readonly caller: Caller;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  /** What renews the caller's token, out of a cookie that pages cannot read. */
  readonly renewal: string | undefined;
};

/** What a route gives back besides its JSON. */
type RouteOutcome<Json> = {
  readonly json: Json;
  /** Where the answer leads, for a redirection. */
  readonly location?: string;
  /** What the cookie becomes that renews the caller's token; an empty text ends it. */
  readonly renewal?: string;
};

/** Routes that answer with JSON. The others are streams, which a server handles itself. */
type JsonRoute = Exclude<RouteName, 'events' | 'putPart'>;

type Handler<Name extends JsonRoute> = (asked: AskedOfRoute, ports: ApiPorts) => Promise<RouteOutcome<AnswerOf<Name>>>;

const { params: ofJob } = ROUTES.job;
const { params: ofUpload } = ROUTES.upload;
const { params: ofPlaylist } = ROUTES.playlist;
const job = ({ params }: AskedOfRoute) => readInput(ofJob, params, 'path').job;
const upload = ({ params }: AskedOfRoute) => readInput(ofUpload, params, 'path').upload;
const playlist = ({ params }: AskedOfRoute) => readInput(ofPlaylist, params, 'path').playlist;
const body = <S extends { readonly body: Parameters<typeof readInput>[0] }>({ body: schema }: S, asked: AskedOfRoute) =>
  readInput<S['body']>(schema, asked.body, 'body');

/** One line a route: reads what came in, and calls the use case. */
export const HANDLERS: { readonly [Name in JsonRoute]: Handler<Name> } = {
  signInWay: async (_, ports) => ({ json: showSignInWay(ports) }),
  askForCode: async (asked, ports) => ({ json: await codesOf(ports).send(body(ROUTES.askForCode, asked).email) }),
  giveCode: async (asked, ports) => signed(await redeemCode(body(ROUTES.giveCode, asked), codesOf(ports))),
  renewToken: async ({ renewal }, ports) => signed(await renewToken(renewal, codesOf(ports))),
  async signOut({ renewal }, { codes }) {
    if (renewal !== undefined) await codes?.revoke(renewal);
    return { json: {}, renewal: '' };
  },
  session: async ({ caller }, ports) => ({ json: showSession(caller, ports) }),
  recipes: async (_, ports) => ({ json: await listRecipes(ports) }),
  plan: async (asked, ports) => ({ json: await planFilm(body(ROUTES.plan, asked), ports) }),
  house: async (_, ports) => ({ json: await showHouse(ports) }),
  putHouse: async (asked, ports) => ({ json: await putHouse(body(ROUTES.putHouse, asked), ports) }),
  openapi: async () => ({ json: openApiDocument() }),

  async jobs({ caller, query }, ports) {
    return { json: await listJobs(readInput(ROUTES.jobs.query, query, 'query'), caller, ports) };
  },
  job: async (asked, ports) => ({ json: await showJob(job(asked), asked.caller, ports) }),
  retry: async (asked, ports) => ({ json: await retryJob(job(asked), asked.caller, ports) }),
  cancel: async (asked, ports) => ({ json: await cancelJob(job(asked), asked.caller, ports) }),
  async file(asked, ports) {
    const query = readInput(ROUTES.file.query, asked.query, 'query');
    const json = await addressOfFile(job(asked), query, asked.caller, ports);
    return { json, ...(query.as !== 'url' && { location: json.url }) };
  },
  count: async (asked, ports) => ({ json: await countUse(body(ROUTES.count, asked), asked.caller, ports) }),

  uploads: async ({ caller }, ports) => ({ json: await listUploads(caller, ports) }),
  beginUpload: async (asked, ports) => ({
    json: await beginUpload(body(ROUTES.beginUpload, asked), asked.caller, ports),
  }),
  upload: async (asked, ports) => ({ json: await showUpload(upload(asked), asked.caller, ports) }),
  signParts: async (asked, ports) => ({
    json: await signParts(upload(asked), body(ROUTES.signParts, asked), asked.caller, ports),
  }),
  completeUpload: async (asked, ports) => ({
    json: await completeUpload(upload(asked), body(ROUTES.completeUpload, asked), asked.caller, ports),
  }),
  async abortUpload(asked, ports) {
    await abortUpload(upload(asked), asked.caller, ports);
    return { json: {} };
  },

  playlists: async ({ caller }, ports) => ({ json: await listPlaylists(caller, ports) }),
  playlist: async (asked, ports) => ({ json: await showPlaylist(playlist(asked), asked.caller, ports) }),
  putPlaylist: async (asked, ports) => ({
    json: await putPlaylist(playlist(asked), body(ROUTES.putPlaylist, asked), asked.caller, ports),
  }),
  importPlaylist: async (asked, ports) => ({
    json: await importPlaylist(playlist(asked), body(ROUTES.importPlaylist, asked), asked.caller, ports),
  }),
  async removePlaylist(asked, ports) {
    await removePlaylist(playlist(asked), asked.caller, ports);
    return { json: {} };
  },
};

function codesOf({ codes }: ApiPorts): CodeSender {
  if (codes) return codes;
  throw new ServiceError('no-input', 'people come in here with the address that the terminal shows, and not by e-mail');
}

const signed = ({ token, expiresMs, renewal }: SignedIn): RouteOutcome<AnswerOf<'giveCode'>> => ({
  json: { token, expiresMs },
  ...(renewal !== undefined && { renewal }),
});
