import { describe, expect, it } from '@jest/globals';
import { awsFailure } from '../../../adapters/aws/aws-failure.ts';
import { ServiceError } from '../../../core/errors.ts';

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
/** As S3 passes on what KMS refused (https://repost.aws/knowledge-center/s3-troubleshoot-403). */
const refusal = (message: string) =>
  Object.assign(new Error(message), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });

describe('an object under a key that we may not use', () => {
  it('is a source that cannot be read, with a sentence that says what to do', () => {
    const said = `User: arn:aws:sts::123456789012:assumed-role/on-drop/x is not authorized to perform: kms:Decrypt on resource: ${KEY} because no identity-based policy allows the kms:Decrypt action`;
    const failure = awsFailure(refusal(said), 'measure input/preserve/clip.mov');
    expect(failure).toBeInstanceOf(ServiceError);
    expect(failure).toMatchObject({
      code: 'no-input',
      message: `measure input/preserve/clip.mov: it is encrypted under a key that this stack may not use (${KEY}); put the key's ARN into sourceKeys of the stage, and let the key's policy allow this account`,
    });
  });

  it('is not every refusal: another missing permission is a fault of the stack', () => {
    const error = refusal('Access Denied');
    expect(awsFailure(error, 'measure a')).toBe(error);
  });
});

it.each([
  { name: 'ThrottlingException', status: 400 },
  { name: 'KMS.ThrottlingException', status: 400 },
  { name: 'RequestThrottled', status: 403 },
  { name: 'ConditionalRequestConflict', status: 409 },
  { name: 'OperationAborted', status: 409 },
])('is busy, and not wrong, where AWS says $name', ({ name, status }) => {
  const error = Object.assign(new Error('later'), { name, $metadata: { httpStatusCode: status } });
  expect(awsFailure(error, 'put a')).toMatchObject({ code: 'busy', message: `put a: ${name} later; try again` });
});
