/** @typedef {import('@aws-sdk/client-codebuild').LogsLocation} LogsLocation */

/**
 * The lines of a build, as CloudWatch gets them.
 * @param {string} region
 */
export async function openBuildLog(region) {
  const { CloudWatchLogsClient, GetLogEventsCommand, ResourceNotFoundException } = await import(
    '@aws-sdk/client-cloudwatch-logs'
  );
  const client = new CloudWatchLogsClient({ region });
  /** @type {string | undefined} */
  let token;

  return {
    /**
     * Writes what has come since the last call. A build that has written nothing yet has no log.
     * @param {LogsLocation | undefined} place
     */
    async showNew({ groupName: logGroupName, streamName: logStreamName } = {}) {
      if (!logGroupName || !logStreamName) return;
      for (;;) {
        const asked = { logGroupName, logStreamName, startFromHead: true, ...(token && { nextToken: token }) };
        const page = await client.send(new GetLogEventsCommand(asked)).catch((error) => {
          if (error instanceof ResourceNotFoundException) return undefined;
          throw error;
        });
        for (const { message = '' } of page?.events ?? []) process.stderr.write(`  ${message.trimEnd()}\n`);
        const isEnd = page?.nextForwardToken === undefined || page.nextForwardToken === token;
        token = page?.nextForwardToken ?? token;
        if (isEnd) return; // at its end a stream gives the token that it was asked with
      }
    },
  };
}
