import type { Caller } from '../../core/api/caller.ts';
import type { AnswerOf, BodyRead } from '../../core/api/routes.ts';
import { ServiceError } from '../../core/errors.ts';
import type { CodeSender, SignedIn } from '../../core/ports/code-sender.ts';
import { PART_LIMITS } from '../../core/upload/plan-parts.ts';
import { UPLOAD_DAYS } from '../../core/upload/upload-record.ts';
import type { ApiPorts } from './api-ports.ts';
import { PART_URL_SECONDS } from './uploads.ts';

/** Four parts fill most lines, and lose at most four parts where the page is closed. */
const PARTS_AT_ONCE = 4;

/** Returns who is signed in, what they may do, and the limits that a page must keep when it uploads. */
export function showSession({ id, name, role }: Caller, { about }: Pick<ApiPorts, 'about'>): AnswerOf<'session'> {
  const { stage, version, live } = about;
  return {
    caller: { id, name, role },
    ...{ stage, version, live },
    mayChangeHouse: role === 'operator',
    limits: {
      uploadBytes: PART_LIMITS.bytes,
      partsAtOnce: PARTS_AT_ONCE,
      urlSeconds: PART_URL_SECONDS,
      uploadDays: UPLOAD_DAYS,
    },
  };
}

/** Returns how people sign in here: with a code by e-mail, or with the address that the terminal shows. */
export const showSignInWay = ({ codes, about }: Pick<ApiPorts, 'codes' | 'about'>): AnswerOf<'signInWay'> => ({
  way: codes ? 'email' : 'address',
  stage: about.stage,
});

/** Returns the token for a code. Throws `signed-out` for a wrong one. */
export async function redeemCode(given: BodyRead<'giveCode'>, codes: CodeSender): Promise<SignedIn> {
  const signedIn = await codes.redeem(given);
  if (!signedIn) throw new ServiceError('signed-out', 'the code is wrong or too old; ask for another one');
  return signedIn;
}

/** Returns a new token. Throws `signed-out` if nobody is signed in any more. */
export async function renewToken(renewal: string | undefined, codes: CodeSender): Promise<SignedIn> {
  const signedIn = renewal === undefined ? undefined : await codes.renew(renewal);
  if (!signedIn) throw new ServiceError('signed-out', 'nobody is signed in here; ask for a code by e-mail');
  return signedIn;
}
