import { describe, expect, it } from '@jest/globals';
import { refuseLongFrames, refuseShortFrames } from '../../../core/media/absurd-times.ts';
import { mainVideo } from '../../../core/media/probe.ts';
import { canSay } from '../../../core/media/timecode.ts';
import { mainSound, withEmptyStreams } from '../../../core/media/unusable-streams.ts';
import { planStreams } from '../../../core/media/streams.ts';
import { probeOf, streamOf } from '../../fixtures/probes.ts';
