import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { beforeEach, expect, it, jest } from '@jest/globals';
import { ensureBootstrap } from '../../../scripts/bootstrap/stack.mjs';
import { answeringAws } from '../../support/answering-aws.ts';
import { queryError } from '../../support/refusing-aws.ts';

type Looked = { readonly status: string; readonly key: string };

// CloudFormation by its API reference: an update of a stack that is being changed is refused with ValidationError.
let looks: Looked[];
let refusal: string;

answeringAws(async (request, response) => {
  const asked = await text(request);
  if (asked.includes('Action=DescribeStacks')) {
    const { status, key } = (looks.length > 1 ? looks.shift() : looks[0]) as Looked;
    const outputs = { TemplateKey: key, Bucket: 'the-bucket' };
    const members = Object.entries(outputs).map(
      ([name, value]) => `<member><OutputKey>${name}</OutputKey><OutputValue>${value}</OutputValue></member>`,
    );
    const stack = `<StackName>reelmill-bootstrap</StackName><CreationTime>2026-11-01T00:00:00Z</CreationTime><StackStatus>${status}</StackStatus><Outputs>${members.join('')}</Outputs>`;
    const body = `<DescribeStacksResponse><DescribeStacksResult><Stacks><member>${stack}</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
    return void response.writeHead(200, { 'content-type': 'text/xml' }).end(body);
  }
  if (asked.includes('Action=ListStackResources'))
    return void response
      .writeHead(200, { 'content-type': 'text/xml' })
      .end('<ListStackResourcesResponse><ListStackResourcesResult/></ListStackResourcesResponse>');
  if (asked.includes('Action=UpdateStack')) {
    const { status, type, body } = queryError(400, 'ValidationError', refusal);
    return void response.writeHead(status, { 'content-type': type }).end(body);
  }
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end('{"repositories":[]}');
});
beforeEach(() => {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  refusal = 'Stack is in UPDATE_IN_PROGRESS state and can not be updated.';
});

const keyOfNow = async () =>
  createHash('sha256')
    .update(await readFile('resources/bootstrap.yml', 'utf8'))
    .digest('hex')
    .slice(0, 32);

it('waits for the update of another deploy that was faster', async () => {
  looks = [
    { status: 'CREATE_COMPLETE', key: 'old' },
    { status: 'UPDATE_IN_PROGRESS', key: 'old' },
    { status: 'UPDATE_COMPLETE', key: await keyOfNow() },
  ];
  expect(await ensureBootstrap('us-east-1', 0.01)).toBe('the-bucket');
});

it('goes on where the other update is done already', async () => {
  looks = [
    { status: 'CREATE_COMPLETE', key: 'old' },
    { status: 'UPDATE_COMPLETE', key: await keyOfNow() },
  ];
  expect(await ensureBootstrap('us-east-1', 0.01)).toBe('the-bucket');
});

it('hides no other fault of an update', async () => {
  refusal = 'Template format error';
  looks = [{ status: 'CREATE_COMPLETE', key: 'old' }];
  await expect(ensureBootstrap('us-east-1', 0.01)).rejects.toThrow('Template format error');
});
