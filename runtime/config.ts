import { homedir } from 'node:os';
import { join } from 'node:path';

/** What the local mill may be told by the environment; all of it optional. */
export type LocalConfig = {
  /** ffmpegs to prefer, by path: REELMILL_FFMPEG, separated as PATH is. */
  readonly ffmpegs: readonly string[];
  readonly searchPath: string;
  readonly cacheFolder: string;
  /** REELMILL_SLACK_WEBHOOK: notices go there too. */
  readonly slackWebhook: string | undefined;
  /** REELMILL_SMTP_URL (smtp://user:password@host:port), REELMILL_MAIL_FROM, REELMILL_MAIL_TO: all three or none. */
  readonly mail: { readonly url: string; readonly from: string; readonly to: string } | undefined;
};

export function localConfig(env: Readonly<Record<string, string | undefined>> = process.env): LocalConfig {
  const { REELMILL_SMTP_URL: url, REELMILL_MAIL_FROM: from, REELMILL_MAIL_TO: to } = env;
  return {
    ffmpegs: (env.REELMILL_FFMPEG ?? '').split(process.platform === 'win32' ? ';' : ':').filter(Boolean),
    searchPath: env.PATH ?? '',
    cacheFolder: join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'reelmill'),
    slackWebhook: env.REELMILL_SLACK_WEBHOOK,
    mail: url && from && to ? { url, from, to } : undefined,
  };
}
