/** The statuses of a job that has not ended. */
const OPEN = /** @type {const} */ (['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'RUNNING']);

/**
 * The names of the queues that begin so.
 * @param {import('@aws-sdk/client-batch').BatchClient} client
 * @param {string} prefix
 * @returns {Promise<readonly string[]>}
 */
export async function queuesOf(client, prefix) {
  const { paginateDescribeJobQueues } = await import('@aws-sdk/client-batch');
  const names = [];
  for await (const { jobQueues = [] } of paginateDescribeJobQueues({ client }, {}))
    names.push(...jobQueues.map(({ jobQueueName = '' }) => jobQueueName));
  return names.filter((name) => name.startsWith(prefix));
}

/**
 * The jobs that wait or run in queues.
 * @param {import('@aws-sdk/client-batch').BatchClient} client
 * @param {readonly string[]} queues
 * @returns {Promise<readonly string[]>} ids; an array by its own, with which all its containers end
 */
export async function openJobs(client, queues) {
  const { paginateListJobs } = await import('@aws-sdk/client-batch');
  const ids = [];
  for (const jobQueue of queues)
    for (const jobStatus of OPEN)
      for await (const { jobSummaryList = [] } of paginateListJobs({ client }, { jobQueue, jobStatus }))
        ids.push(...jobSummaryList.map(({ jobId = '' }) => jobId));
  return ids;
}
