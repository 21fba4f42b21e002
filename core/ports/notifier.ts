export type Notice = {
  readonly kind: 'done' | 'unchanged' | 'failed' | 'refused' | 'restoring' | 'report';
  readonly job: string;
  readonly recipe: string;
  readonly source: string;
  /** One sentence for people. */
  readonly summary: string;
  readonly details: Readonly<Record<string, unknown>>;
};

/** Sends notices to people. A notice that cannot be delivered must not fail the job, so adapters log the failure and return. */
export interface Notifier {
  notify(notice: Notice): Promise<void>;
}
