import { beforeAll, describe, expect, it } from '@jest/globals';
import { at, DEPLOYED_STAGES, type Json, type Packaged, packaged, referredTo } from '../support/packaged-template.ts';

describe.each(DEPLOYED_STAGES)('the queues that functions of %s read', (stage) => {
  let pack: Packaged;
  beforeAll(async () => {
    pack = await packaged(stage);
  });

  const idOf = (value: Json | undefined) => referredTo(value) ?? String(at(value, 'Fn::GetAtt', 0));
  const numberOf = (id: string, property: string) => Number(at(pack.template.Resources[id]?.Properties, property));

  /** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
  it('hide a message for six times as long as its function may run, and while a batch is gathered', () => {
    const mappings = pack
      .of('AWS::Lambda::EventSourceMapping')
      .map(({ Properties }) => ({
        queue: idOf(at(Properties, 'EventSourceArn')),
        isTheFunction: JSON.stringify(at(Properties, 'FunctionName')),
        window: Number(at(Properties, 'MaximumBatchingWindowInSeconds') ?? 0),
      }))
      .map(({ queue, isTheFunction, window }) => {
        const [, id = ''] = /"(\w+LambdaFunction)"/.exec(isTheFunction) ?? [];
        return { queue, hidden: numberOf(queue, 'VisibilityTimeout'), least: 6 * numberOf(id, 'Timeout') + window };
      });
    expect(mappings.map(({ queue }) => queue)).toContain('DropsQueue');
    expect(mappings.filter(({ hidden, least }) => !(hidden >= least))).toEqual([]);
  });
});
