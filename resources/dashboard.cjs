// The dashboard's body: rows of three graphs.

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: CloudFormation fills them in (Fn::Sub)
const REGION = '${AWS::Region}';
const WORKFLOW = '${Workflow}';
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above

const own = (name, stage, ...more) => ['Reelmill', name, 'Stage', stage, ...more];
const HOUR = 3600;
const DAY = 86_400;

const graphs = (stage, prefix) => [
  {
    title: 'Jobs done and failed, an hour',
    stat: 'Sum',
    period: HOUR,
    metrics: [
      own('JobsDone', stage, { color: '#2ca02c' }),
      ...['input', 'reclaimed', 'resources', 'bug'].map((cause) => own('JobsFailed', stage, 'Cause', cause)),
    ],
  },
  {
    title: 'Estimated cost of jobs, US$ a day',
    stat: 'Sum',
    period: DAY,
    view: 'bar',
    metrics: [own('EstimatedUsd', stage)],
  },
  {
    title: 'Time taken against time planned',
    stat: 'Maximum',
    period: HOUR,
    metrics: [own('SlowerThanPlanned', stage), own('SlowerThanPlanned', stage, { stat: 'p50', label: 'median' })],
  },
  {
    title: 'Age of the oldest drop, s',
    stat: 'Maximum',
    period: 300,
    metrics: [['AWS/SQS', 'ApproximateAgeOfOldestMessage', 'QueueName', `${prefix}-drops`]],
  },
  {
    title: 'Drops waiting, and dead letters',
    stat: 'Maximum',
    period: 300,
    metrics: ['drops', 'drops-dead', 'events-dead'].map((queue) => [
      'AWS/SQS',
      'ApproximateNumberOfMessagesVisible',
      'QueueName',
      `${prefix}-${queue}`,
    ]),
  },
  {
    title: 'Longest RUNNABLE, s',
    stat: 'Maximum',
    period: HOUR,
    metrics: [own('RunnableSeconds', stage)],
  },
  {
    title: 'Workflows',
    stat: 'Sum',
    period: HOUR,
    metrics: ['ExecutionsStarted', 'ExecutionsSucceeded', 'ExecutionsFailed'].map((name) => [
      'AWS/States',
      name,
      'StateMachineArn',
      WORKFLOW,
    ]),
  },
  {
    title: 'Function errors and throttles',
    stat: 'Sum',
    period: 300,
    metrics: ['on-drop', 'on-job-change', 'sweep', 'report'].flatMap((name) => [
      ['AWS/Lambda', 'Errors', 'FunctionName', `${prefix}-${name}`],
      ['AWS/Lambda', 'Throttles', 'FunctionName', `${prefix}-${name}`],
    ]),
  },
  {
    title: 'Function duration, ms',
    stat: 'p95',
    period: 300,
    metrics: ['on-drop', 'on-job-change'].map((name) => [
      'AWS/Lambda',
      'Duration',
      'FunctionName',
      `${prefix}-${name}`,
    ]),
  },
];

const widget = ({ title, stat, period, view = 'timeSeries', metrics }, index) => ({
  type: 'metric',
  x: (index % 3) * 8,
  y: Math.floor(index / 3) * 6,
  width: 8,
  height: 6,
  properties: { title, stat, period, view, metrics, region: REGION, yAxis: { left: { min: 0 } } },
});

module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const prefix = await resolveVariable('self:custom.prefix');
  return JSON.stringify({ widgets: graphs(stage, prefix).map(widget) });
};
