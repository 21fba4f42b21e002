import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AwsServer } from './aws-servers.ts';

/** An answer as a service of AWS gives it. */
export type AwsAnswer = { readonly status: number; readonly type: string; readonly body: string };

/** An error of STS, IAM or CloudFormation, by "Common errors" in their API references. */
export const queryError = (status: number, code: string, message: string): AwsAnswer => ({
  status,
  type: 'text/xml',
  body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId></ErrorResponse>`,
});

/** An error of EC2, by "Error codes for the Amazon EC2 API". */
export const ec2Error = (status: number, code: string, message: string): AwsAnswer => ({
  status,
  type: 'text/xml',
  body: `<?xml version="1.0" encoding="UTF-8"?><Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>ea966190-f9aa-478e-9ede-example</RequestID></Response>`,
});

/** Gives the same answer to all that is asked. */
export async function refusingAws({ status, type, body }: AwsAnswer): Promise<AwsServer> {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': type });
    response.end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}
