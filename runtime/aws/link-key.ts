import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { usage } from '../../core/errors.ts';
import type { LinkKey } from '../../core/storage/signed-link.ts';
import { askingStack, commandOptions, type DeployedStack } from './deployed-stack.ts';

/** Reads what signs the links of a stack. Throws `usage` where the stage has no CloudFront, or no private key yet. */
export async function linkKeyOf(stack: DeployedStack): Promise<LinkKey> {
  const [domain, keyId, SecretId] = ['CdnDomain', 'CdnKeyId', 'CdnPrivateKeyArn'].map((name) =>
    stack.output(name, 'cdn=signed'),
  );
  if (domain === undefined || keyId === undefined) throw new Error('the outputs of CloudFront are not whole');
  const client = new SecretsManagerClient(commandOptions(stack.region));
  const { SecretString = '' } = await askingStack(`reading the secret ${stack.name}/cdn-key`, () =>
    client.send(new GetSecretValueCommand({ SecretId })),
  );
  if (!/^-----BEGIN [A-Z ]*PRIVATE KEY-----\n/.test(SecretString)) {
    throw usage(
      `the secret ${stack.name}/cdn-key holds no private key in PEM: aws secretsmanager put-secret-value --secret-id ${stack.name}/cdn-key --secret-string file://private.pem`,
    );
  }
  return { domain, keyId, privateKey: SecretString };
}
