import * as z from 'zod/mini';
import { ServiceError } from '../../core/errors.ts';
import { asking, isNamed } from './aws-failure.ts';

/**
 * Runs a call to AWS on behalf of a person. What AWS refuses is then theirs to mend: it is thrown as `no-input` with AWS's
 * reason. Other errors are thrown as `asking` throws them.
 */
export async function asPerson<T>(doing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await asking(doing, call);
  } catch (error) {
    const name = refusalOf(error);
    if (name === undefined) throw error;
    const reason = `${doing} is refused (${name}); ${adviceOn(name)}`;
    throw new ServiceError('no-input', reason, { aws: name }, { cause: error });
  }
}

const OTHERWISE = 'check names, region and your permissions';
const ADVICE: readonly (readonly [names: RegExp, advice: string])[] = [
  [
    /^(CredentialsProviderError|TokenProviderError)$/,
    'there are no credentials of an AWS account: run aws configure or aws sso login, or set AWS_PROFILE',
  ],
  [/^(ExpiredToken|ExpiredTokenException|RequestExpired)$/, 'your credentials have expired; log in again'],
  [/^(RequestTimeTooSkewed|RequestInTheFuture)$/, 'the clock of this machine is off; set it'],
];

/** What a person can do about a refusal of AWS, by its name. */
export const adviceOn = (refusal: string, otherwise = OTHERWISE): string =>
  ADVICE.find(([names]) => names.test(refusal))?.[1] ?? otherwise;

/** Returns the name of what AWS refused: rights, names, credentials. Undefined for an error of another kind. */
export function refusalOf(error: unknown): string | undefined {
  const { data } = refused.safeParse(error);
  const status = data?.$metadata?.httpStatusCode ?? 0;
  // 301 is S3's answer for a bucket in another region
  const isTheirs =
    data !== undefined && (WITHOUT_ANSWER.test(data.name) || status === 301 || (status >= 400 && status < 500));
  if (error instanceof ServiceError || !isTheirs) return undefined;
  return NAMELESS.test(data.name) ? `status ${status}` : data.name;
}

/** Runs a call that writes into a bucket. Throws `cannot-write` where a policy forbids it; other errors as `asking` throws them. */
export async function writing<T>(doing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await asking(doing, call);
  } catch (error) {
    if (error instanceof ServiceError || !isNamed('AccessDenied', error)) throw error;
    const reason = `${doing}: S3 refuses it (AccessDenied); a policy forbids writing there`;
    throw new ServiceError('cannot-write', reason, { aws: 'AccessDenied' }, { cause: error });
  }
}

/** Gives what a listing gives, with refusals as `asPerson` throws them. */
export async function* eachAsPerson<T>(doing: string, listing: AsyncIterable<T>): AsyncGenerator<T> {
  const items = listing[Symbol.asyncIterator]();
  for (
    let next = await asPerson(doing, () => items.next());
    !next.done;
    next = await asPerson(doing, () => items.next())
  )
    yield next.value;
}

/** Throws `usage` where a client knows no region: from an option, the environment, or the file of the user's profile. */
export async function requireRegion({ config }: { readonly config: { region(): Promise<string> } }): Promise<void> {
  try {
    await config.region();
  } catch (cause) {
    throw new ServiceError('usage', 'no region is known: give --region, or set AWS_REGION', {}, { cause });
  }
}

/** Refusals of the SDK itself, before anything is sent. */
const WITHOUT_ANSWER = /^(CredentialsProviderError|TokenProviderError)$/;
/** The SDK's names for an answer without a body, as those to HEAD are. */
const NAMELESS = /^(\d+|Unknown|UnknownError|Error)$/;

const refused = z.object({
  name: z.string(),
  $metadata: z.optional(z.object({ httpStatusCode: z.optional(z.number()) })),
});
