/** How a command finds a deployed stage. */
export type StageOptions = {
  readonly stage?: string | undefined;
  readonly region?: string;
  readonly endpoint?: string;
};

export const STAGE = ['--stage <name>', 'a deployed stage, instead of a folder'] as const;
export const REGION = ['--region <name>', 'the region of the stage (default: AWS_REGION)'] as const;
export const ENDPOINT = ['--endpoint <url>', "a server that is not Amazon's (default: AWS_ENDPOINT_URL)"] as const;
