import { beforeAll, describe, expect, it } from '@jest/globals';
import { STACK_ENVIRONMENT } from '../../runtime/config.ts';
import { at, DEPLOYED_STAGES, type JsonObject, list, type Packaged, packaged } from '../support/packaged-template.ts';

it.each(DEPLOYED_STAGES)('%s has no stop as its file has it', async (stage) => {
  const { resources } = await packaged(stage);
  expect(resources.filter(({ id }) => /^Spending/.test(id))).toEqual([]);
});

describe('spendingStopUsd=100', () => {
  let pack: Packaged;
  beforeAll(async () => {
    pack = await packaged('prod', ['spendingStopUsd=100', 'slack=yes']);
  });
  const properties = (id: string) => pack.resources.find((each) => each.id === id)?.Properties;

  it('is a budget of its own, which tells the topic of the function', () => {
    const budget = properties('SpendingBudget');
    expect(at(budget, 'Budget', 'BudgetLimit')).toEqual({ Amount: '100', Unit: 'USD' });
    expect(at(budget, 'Budget', 'CostFilters')).toEqual(at(properties('Budget'), 'Budget', 'CostFilters'));
    expect(list(at(budget, 'NotificationsWithSubscribers'))).toEqual([
      {
        Notification: { NotificationType: 'ACTUAL', ComparisonOperator: 'GREATER_THAN', Threshold: 100 },
        Subscribers: [{ SubscriptionType: 'SNS', Address: { Ref: 'SpendingTopic' } }],
      },
    ]);
    const [subscription] = pack
      .of('AWS::SNS::Subscription')
      .filter(({ Properties }) => at(Properties, 'TopicArn', 'Ref') === 'SpendingTopic');
    expect(at(subscription?.Properties, 'Protocol')).toBe('lambda');
  });

  it('lets Budgets publish to an encrypted topic, for this account alone', () => {
    expect(at(properties('SpendingTopic'), 'KmsMasterKeyId')).toEqual({ Ref: 'SpendingKey' });
    const allowed = [
      ...list(at(properties('SpendingTopicPolicy'), 'PolicyDocument', 'Statement')),
      ...list(at(properties('SpendingKey'), 'KeyPolicy', 'Statement')),
    ].filter((each) => at(each, 'Principal', 'Service') !== undefined);
    expect(allowed).toHaveLength(2);
    for (const statement of allowed) {
      expect(at(statement, 'Principal', 'Service')).toBe('budgets.amazonaws.com');
      expect(at(statement, 'Condition', 'StringEquals')).toEqual({ 'aws:SourceAccount': { Ref: 'AWS::AccountId' } });
    }
  });

  it('tells the function every compute environment, and all that it reads', () => {
    const { RELEASE: _, ...variables } = at(
      properties('SpendingStopLambdaFunction'),
      ...['Environment', 'Variables'],
    ) as JsonObject;
    expect(Object.keys(variables).toSorted()).toEqual(Object.keys(STACK_ENVIRONMENT['spending-stop'].shape).toSorted());
    const named = JSON.stringify(variables.COMPUTE_ENVIRONMENTS);
    const allowed = JSON.stringify(properties('SpendingStopRole'));
    for (const { id } of pack.of('AWS::Batch::ComputeEnvironment')) {
      expect(named).toContain(`"${id}"`);
      expect(allowed).toContain(`"${id}"`);
    }
  });
});
