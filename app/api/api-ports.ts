import type { AnswerOf } from '../../core/api/routes.ts';
import type { JobId } from '../../core/job/job.ts';
import type { CodeSender } from '../../core/ports/code-sender.ts';
import type { DemandStore } from '../../core/ports/demand-store.ts';
import type { FileAddresses } from '../../core/ports/file-addresses.ts';
import type { JobListing } from '../../core/ports/job-listing.ts';
import type { JobStore } from '../../core/ports/job-store.ts';
import type { NewDocuments } from '../../core/ports/new-documents.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import type { PartStore } from '../../core/ports/part-store.ts';
import type { Steering } from '../../core/ports/steering.ts';
import type { PriorityPorts } from '../intake/priorities.ts';

/** Small JSON files by their keys. */
export type Documents = Pick<ObjectStore, 'read' | 'write' | 'list' | 'remove'>;

export type ApiPorts = PriorityPorts & {
  readonly jobs: Pick<JobStore, 'get' | 'advance' | 'note'>;
  readonly listing: JobListing;
  readonly demand: DemandStore;
  readonly steering: Steering;
  /** Looks for sources that are there already. */
  readonly sources: Pick<ObjectStore, 'head'>;
  readonly outputs: Pick<ObjectStore, 'read'>;
  /** Where it is recorded why drops failed; undefined if people are told of drops without a job by notices alone. */
  readonly refusals: Pick<ObjectStore, 'list' | 'read'> | undefined;
  readonly addresses: FileAddresses;
  readonly parts: PartStore;
  /** The records of uploads. */
  readonly uploads: Documents & NewDocuments;
  /** Playlists, and the settings of the house. */
  readonly house: Documents;
  /** Absent where people come in with an address. */
  readonly codes: CodeSender | undefined;
  /** What the machine here has told of a job that it works on. */
  progressOf(job: JobId): NonNullable<AnswerOf<'job'>['progress']> | undefined;
  readonly about: {
    readonly stage: string;
    readonly version: string;
    readonly live: 'events' | 'poll';
    /** Processors for the work, by which a plan tells seconds. */
    readonly cores: number;
  };
};
