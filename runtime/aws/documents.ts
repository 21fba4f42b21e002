import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type AwsOptions, clientOptions, documentOptions } from '../../adapters/aws/client-options.ts';

/** A client of DynamoDB that takes plain JavaScript values. */
export const documents = (options: AwsOptions) =>
  DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions(options)), documentOptions);
