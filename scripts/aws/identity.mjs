/**
 * Whose credentials these are. Every later question would fail with a sentence of its own, so this is asked first. It
 * needs no permission.
 * @param {string} region
 * @returns {Promise<{ account: string, arn: string }>}
 */
export async function callerIdentity(region) {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const { Account = '', Arn = '' } = await new STSClient({ region }).send(new GetCallerIdentityCommand({}));
  return { account: Account, arn: Arn };
}
