/** Thrown by everything that asks the API. `status` is 0 where no answer came. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly code: string;
  readonly advice: string | undefined;

  constructor({ status, code, reason, advice }: Refusal) {
    super(reason);
    this.status = status;
    this.code = code;
    this.advice = advice;
  }
}

type Refusal = {
  readonly status: number;
  readonly code: string;
  readonly reason: string;
  readonly advice?: string | undefined;
};

/** What a thrown value says, in one sentence. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
