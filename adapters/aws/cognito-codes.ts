import * as z from 'zod/mini';
import { ServiceError } from '../../core/errors.ts';
import type { CodeSender, SignedIn } from '../../core/ports/code-sender.ts';

type CognitoSettings = {
  /** https://cognito-idp.REGION.amazonaws.com */
  readonly endpoint: string;
  readonly clientId: string;
  now(): number;
};

const challenge = z.object({ ChallengeName: z.optional(z.string()), Session: z.optional(z.string()) });
const result = z.object({
  AuthenticationResult: z.optional(
    z.object({ IdToken: z.string(), ExpiresIn: z.number(), RefreshToken: z.optional(z.string()) }),
  ),
});
const fault = z.object({ __type: z.string(), message: z.optional(z.string()) });

/** Errors that say no more than that somebody may not come in. Which of them it is, nobody is told. */
const REFUSALS: readonly string[] = [
  'NotAuthorizedException',
  'UserNotFoundException',
  'CodeMismatchException',
  'ExpiredCodeException',
  'InvalidParameterException',
  'UserNotConfirmedException',
];
const TOO_OFTEN: readonly string[] = [
  'TooManyRequestsException',
  'LimitExceededException',
  'TooManyFailedAttemptsException',
];

/** An address that may not come in gets a session too, so that nobody learns who may. */
const NO_SESSION = 'none';

/**
 * Signs people in at a user pool of Cognito with a code by e-mail (its flow USER_AUTH). These calls need no credentials of
 * AWS, and the app client has no secret.
 */
export function cognitoCodes({ endpoint, clientId: ClientId, now }: CognitoSettings): CodeSender {
  const call = async (action: string, body: object): Promise<unknown> => {
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AWSCognitoIdentityProviderService.${action}`,
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    }).catch((error: unknown) => {
      throw new ServiceError('busy', 'the sign-in service cannot be reached; try again', {}, { cause: error });
    });
    const json: unknown = await answer.json().catch(() => undefined);
    if (answer.ok) return json;
    const type = fault.safeParse(json).data?.__type.split('#').at(-1) ?? '';
    if (REFUSALS.includes(type)) return undefined;
    const again = TOO_OFTEN.includes(type) ? 'too many codes were asked for; wait a few minutes' : 'try again';
    throw new ServiceError('busy', `the sign-in service answered ${answer.status} ${type}; ${again}`);
  };

  const signedIn = (answer: unknown): SignedIn | undefined => {
    const given = result.safeParse(answer).data?.AuthenticationResult;
    if (!given) return undefined;
    return { token: given.IdToken, expiresMs: now() + given.ExpiresIn * 1000, renewal: given.RefreshToken };
  };

  return {
    async send(email) {
      const AuthParameters = { USERNAME: email.toLowerCase(), PREFERRED_CHALLENGE: 'EMAIL_OTP' };
      const answer = await call('InitiateAuth', { AuthFlow: 'USER_AUTH', ClientId, AuthParameters });
      const { ChallengeName, Session } = challenge.safeParse(answer).data ?? {};
      return { session: ChallengeName === 'EMAIL_OTP' && Session !== undefined ? Session : NO_SESSION };
    },
    async redeem({ email, session, code }) {
      if (session === NO_SESSION) return undefined;
      const ChallengeResponses = { USERNAME: email.toLowerCase(), EMAIL_OTP_CODE: code };
      const body = { ChallengeName: 'EMAIL_OTP', ClientId, Session: session, ChallengeResponses };
      return signedIn(await call('RespondToAuthChallenge', body));
    },
    async renew(renewal) {
      const AuthParameters = { REFRESH_TOKEN: renewal };
      return signedIn(await call('InitiateAuth', { AuthFlow: 'REFRESH_TOKEN_AUTH', ClientId, AuthParameters }));
    },
    async revoke(renewal) {
      await call('RevokeToken', { ClientId, Token: renewal });
    },
  };
}
