import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Notice, Notifier } from '../../core/ports/notifier.ts';

export type Receiver = {
  readonly notifier: Notifier;
  /** What people were shown, one text a notice. */
  delivered(): Promise<readonly string[]>;
  /** What the notifier could not deliver. */
  readonly reports: readonly string[];
  /** From now on nothing can be delivered. */
  cutOff(): Promise<void>;
  close(): Promise<void>;
};

export const notice: Notice = {
  kind: 'failed',
  job: '0123456789abcdef',
  recipe: 'preserve',
  source: 'input/preserve/clip.mov',
  summary: 'the file ends in the middle of a frame',
  details: { code: 'truncated', bytes: 1234, streams: [{ index: 0 }] },
};

/** What every notifier does, whomever it tells. */
export function notifierContract(name: string, open: () => Promise<Receiver>): void {
  describe(`${name} as a notifier`, () => {
    let receiver: Receiver;
    beforeEach(async () => {
      receiver = await open();
    });
    afterEach(() => receiver.close());

    it('tells what happened to which source under which recipe', async () => {
      await receiver.notifier.notify(notice);
      const [text = '', ...more] = await receiver.delivered();
      expect(more).toEqual([]);
      for (const part of ['failed', notice.source, notice.recipe, notice.summary, notice.job, 'truncated', '1234']) {
        expect(text).toContain(part);
      }
      expect(receiver.reports).toEqual([]);
    });

    it.each(['done', 'unchanged', 'failed', 'refused'] as const)('tells each notice once: %s', async (kind) => {
      await receiver.notifier.notify({ ...notice, kind, source: 'one.mov' });
      await receiver.notifier.notify({ ...notice, kind, source: 'two.mov' });
      const texts = await receiver.delivered();
      expect(texts.map((text) => [text.includes('one.mov'), text.includes('two.mov')])).toEqual([
        [true, false],
        [false, true],
      ]);
      expect(texts.every((text) => text.includes(kind))).toBe(true);
    });

    it('keeps names whole that are not ASCII', async () => {
      await receiver.notifier.notify({ ...notice, source: 'input/preserve/映像 “café” 👋.mov' });
      expect((await receiver.delivered())[0]).toContain('映像 “café” 👋.mov');
    });

    it('lets no name give orders to what shows it', async () => {
      const source = 'a\r\nBcc: all@example.org\r\n\r\n\u001b[2J\u202evom.mov';
      await receiver.notifier.notify({ ...notice, source, summary: source });
      const [text = ''] = await receiver.delivered();
      expect(text).toContain('Bcc: all@example.org');
      expect(text).not.toMatch(/^Bcc/m);
      expect(text).not.toContain('\u001b');
      expect(text).not.toContain('\u202e');
    });

    it('shortens rather than fails on a very long name', async () => {
      await receiver.notifier.notify({ ...notice, source: '👋'.repeat(5_000), summary: 'x'.repeat(20_000) });
      expect((await receiver.delivered())[0]).toContain('👋👋👋');
      expect(receiver.reports).toEqual([]);
    });

    it('reports what it cannot deliver, and does not throw', async () => {
      await receiver.cutOff();
      await expect(receiver.notifier.notify({ ...notice, source: 'lost\n.mov' })).resolves.toBeUndefined();
      expect(receiver.reports).toHaveLength(1);
      expect(receiver.reports[0]).toContain('lost\\n.mov');
    });
  });
}
