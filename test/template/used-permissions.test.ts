import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import { at, type Json, list, type Packaged, packaged } from '../support/packaged-template.ts';

/** Actions that are not called by the name of their operation; the first is what the SDK or its library calls. */
const CALLED_BY: Readonly<Record<string, readonly string[]>> = {
  's3:GetObject': ['GetObjectCommand', 'HeadObjectCommand'],
  's3:ListBucketMultipartUploads': ['ListMultipartUploadsCommand'],
  's3:GetEncryptionConfiguration': ['GetBucketEncryptionCommand'],
  's3:GetBucketPublicAccessBlock': ['GetPublicAccessBlockCommand'],
  'dynamodb:GetItem': ['GetCommand'],
  'dynamodb:BatchGetItem': ['BatchGetCommand'],
  'dynamodb:PutItem': ['PutCommand'],
  'dynamodb:UpdateItem': ['UpdateCommand'],
  'dynamodb:Query': ['QueryCommand', 'paginateQuery'],
  'ce:GetCostAndUsage': ['GetCostAndUsageCommand'],
};

/** What nobody calls, and why it is allowed. */
const WITHOUT_CALL: Readonly<Record<string, string>> = {
  's3:ListBucket': 'without it S3 answers "forbidden" where there is nothing',
  'sqs:ReceiveMessage': 'Lambda polls with the role of the function',
  'sqs:DeleteMessage': 'Lambda polls with the role of the function',
  'sqs:GetQueueAttributes': 'Lambda polls with the role of the function',
  'sqs:SendMessage': 'Lambda keeps with the role of the function what it failed on',
  'batch:TagResource': 'a part of SubmitJob',
};

const FUNCTIONS = ['onDrop', 'onJobChange', 'notifySlack', 'sweep', 'report'];
const roleOf = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}Role`;

describe('what a function may do', () => {
  let pack: Packaged;
  beforeAll(async () => {
    pack = await packaged('dev');
  });

  async function codeOf(name: string): Promise<string> {
    const zip = (await readdir(pack.folder)).find((file) => file === `${name}.zip`);
    if (!zip) throw new Error(`no zip of ${name}`);
    return Object.values(unzipSync(await readFile(join(pack.folder, zip))))
      .map((file) => Buffer.from(file))
      .join('\n');
  }

  function actionsOf(name: string): readonly string[] {
    const role = pack.of('AWS::IAM::Role').find(({ id }) => id === roleOf(name));
    const statements = list(at(role?.Properties, 'Policies')).flatMap((policy) =>
      list(at(policy, 'PolicyDocument', 'Statement')),
    );
    const actions = statements.flatMap((each) => [at(each, 'Fn::If', 1, 'Action') ?? at(each, 'Action')].flat());
    return [...new Set(actions.map((action: Json | undefined) => String(action)))].sort();
  }

  const callsOf = (action: string): readonly string[] => {
    const [, operation = ''] = action.split(':');
    return CALLED_BY[action] ?? [`${operation}Command`, `paginate${operation}`];
  };

  it.each(FUNCTIONS)('is what its code asks for: %s', async (name) => {
    const code = await codeOf(name);
    const actions = actionsOf(name);
    expect(actions.length).toBeGreaterThan(3);
    const idle = actions.filter(
      (each) => !(each in WITHOUT_CALL) && !callsOf(each).some((call) => code.includes(call)),
    );
    expect(idle).toEqual([]);
  });
});
