import middy from '@middy/core';
import { tellOnce } from '../app/do-once.ts';
import { slackPorts } from '../runtime/aws/slack-ports.ts';
import { STACK_ENVIRONMENT, stackConfig } from '../runtime/config.ts';
import { noticeFrom, snsEvent } from './events.ts';
import { logged } from './logged.ts';

const ports = slackPorts(stackConfig(STACK_ENVIRONMENT['notify-slack']));

/** Sends each notice to Slack once. SNS may deliver a notice twice, and delivers it again if Slack did not accept it. */
export const handler = middy()
  .use(logged(ports.log, 'notice.failed'))
  .handler(async (event: unknown) => {
    for (const { Sns } of snsEvent.parse(event).Records) {
      await tellOnce(`slack ${Sns.MessageId}`, noticeFrom(Sns.Message), ports);
    }
  });
