#!/usr/bin/env node
// The AWS CLI as far as docker/buildspec.yml goes. By its reference both commands print the password and nothing else.
import { appendFileSync } from 'node:fs';
import { argv, env, exit, stdout } from 'node:process';

const args = argv.slice(2);
appendFileSync(env.STAND_IN_CALLS ?? '', `${JSON.stringify({ program: 'aws', args })}\n`);
const [service, call, flag, region] = args;
if (call !== 'get-login-password' || flag !== '--region' || !region) {
  console.error(`aws: error: argument: Invalid choice: ${args.join(' ')}`);
  exit(252);
}
if (service === 'ecr-public' && region !== 'us-east-1') {
  console.error('Could not connect to the endpoint URL'); // the public gallery answers in this region alone
  exit(255);
}
stdout.write(`password-of-${service}-${region}\n`);
