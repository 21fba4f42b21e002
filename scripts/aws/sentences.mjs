import { exitWith, SetupError } from '../setup-error.mjs';

/** @typedef {{ readonly name?: string, readonly code?: string, readonly message?: string, readonly $metadata?: { readonly httpStatusCode?: number } }} AwsError */

/** What to do, by the names under which AWS and its SDK tell why they do not answer. */
const SENTENCES = [
  {
    names: ['CredentialsProviderError', 'TokenProviderError'],
    says: (/** @type {string} */ detail) =>
      `there are no credentials of an AWS account (${detail}): run aws configure or aws sso login, or set AWS_PROFILE`,
  },
  {
    names: ['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired'],
    says: (/** @type {string} */ detail) =>
      `the credentials have expired (${detail}): log in again, such as with aws sso login`,
  },
  {
    names: [
      ...['InvalidClientTokenId', 'UnrecognizedClientException', 'SignatureDoesNotMatch', 'AuthFailure'],
      ...['InvalidAccessKeyId', 'IncompleteSignature', 'MissingAuthenticationToken', 'OptInRequired'],
    ],
    says: (/** @type {string} */ detail) =>
      `AWS does not take these credentials (${detail}): look at them with aws sts get-caller-identity, and whether the account uses this region`,
  },
  {
    names: ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'NotAuthorized', 'AuthorizationError'],
    says: (/** @type {string} */ detail) =>
      `the credentials do not suffice (${detail}): resources/deployer.yml has the policy of who deploys`,
  },
];

const UNREACHABLE = [
  'ENOTFOUND',
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
];
const LATER = ['Throttling', 'ThrottlingException', 'TooManyRequestsException', 'RequestLimitExceeded', 'TimeoutError'];

/**
 * An error of AWS as one sentence that says what to do. What is not one of those that anybody may meet stays as it is.
 * @param {unknown} thrown
 */
export function asSentence(thrown) {
  if (!(thrown instanceof Error) || thrown instanceof SetupError) return thrown;
  const { name, code, message } = /** @type {AwsError & Error} */ (thrown);
  const detail = onOneLine(message);
  const known = SENTENCES.find(({ names }) => names.includes(name));
  if (known) return new SetupError(known.says(detail));
  if (UNREACHABLE.includes(code ?? '')) {
    return new SetupError(`AWS cannot be reached (${detail || code}): is this machine online?`, { exitCode: 75 });
  }
  if (LATER.includes(name)) return new SetupError(`AWS asks to come back later (${detail})`, { exitCode: 75 });
  return thrown;
}

/**
 * The exit code of a script that talks to AWS.
 * @param {() => Promise<number | void>} main
 */
export const exitWithSentence = (main) =>
  exitWith(async () => {
    try {
      return await main();
    } catch (error) {
      throw asSentence(error);
    }
  });

/** Returns the beginning of a text of AWS on one line, to stand inside of a sentence of ours. */
export const onOneLine = (/** @type {string} */ text) =>
  text.replace(/\s+/g, ' ').trim().replace(/\.$/, '').slice(0, 300);
