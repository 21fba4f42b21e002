export type Notice = {
  readonly kind: 'done' | 'unchanged' | 'failed' | 'refused' | 'report';
  readonly job: string;
  readonly recipe: string;
  readonly source: string;
  /** One sentence for people. */
  readonly summary: string;
  readonly details: Readonly<Record<string, unknown>>;
};

/** Tells people. A notice that cannot be delivered must not fail the job: adapters report and go on. */
export interface Notifier {
  notify(notice: Notice): Promise<void>;
}
