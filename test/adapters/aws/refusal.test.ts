import { expect, it } from '@jest/globals';
import { asPerson } from '../../../adapters/aws/refusal.ts';

it.each([
  { name: 'ExpiredToken', status: 400, says: 'your credentials have expired; log in again' },
  { name: 'ExpiredTokenException', status: 400, says: 'your credentials have expired; log in again' },
  {
    name: 'CredentialsProviderError',
    status: 0,
    says: 'there are no credentials of an AWS account: run aws configure or aws sso login, or set AWS_PROFILE',
  },
  { name: 'RequestTimeTooSkewed', status: 403, says: 'the clock of this machine is off; set it' },
  { name: 'AccessDenied', status: 403, says: 'check names, region and your permissions' },
])('says to a person what to do about $name', async ({ name, status, says }) => {
  const refusal = Object.assign(new Error('no'), { name, $metadata: { httpStatusCode: status } });
  await expect(asPerson('listing s3://media', () => Promise.reject(refusal))).rejects.toMatchObject({
    code: 'no-input',
    message: `listing s3://media is refused (${name}); ${says}`,
  });
});
