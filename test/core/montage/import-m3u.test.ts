import { describe, expect, it } from '@jest/globals';
import { importM3u } from '../../../core/montage/import-m3u.ts';

const BASE = 'https://films.example/lists/evening.m3u';
const tracksOf = (text: string) => importM3u(text, BASE).playlist.montages[0]?.tracks;

describe('an M3U playlist', () => {
  it('becomes a track of items with titles, parts and whole addresses', () => {
    const text = [
      '\uFEFF#EXTM3U',
      '#PLAYLIST:An evening',
      '#EXTINF:12 tvg-name="a, b",First film',
      '../a/manifest.json',
      '#EXTVLCOPT:start-time=2.5',
      '#EXTVLCOPT:stop-time=4',
      'https://other.example/b.mp4',
      '',
      '#EXTGRP:Night',
      'c%20d.mp4',
    ].join('\r\n');
    expect(importM3u(text, BASE)).toEqual({
      playlist: {
        name: 'An evening',
        montages: [
          {
            tracks: [
              {
                items: [
                  { src: 'https://films.example/a/manifest.json', name: 'First film' },
                  { src: 'https://other.example/b.mp4', in: 2.5, out: 4 },
                ],
              },
              { name: 'Night', items: [{ src: 'https://films.example/lists/c%20d.mp4' }] },
            ],
          },
        ],
      },
      skipped: [],
    });
  });

  it('is read without its first line, too, as older programs write it', () => {
    expect(tracksOf('a.mp4\nb.mp4\n')?.[0]?.items).toHaveLength(2);
  });

  it.each(['file:///etc/passwd', 'javascript:alert(1)', 'data:video/mp4;base64,AAAA', 'http://'])(
    'leaves out %s and says so',
    (line) => {
      expect(importM3u(`a.mp4\n${line}\n`, BASE).skipped).toEqual([`line 2 (${line}) is no address of a web server`]);
      expect(tracksOf(`a.mp4\n${line}\n`)?.[0]?.items).toHaveLength(1);
    },
  );

  it('leaves out a part that ends before it begins', () => {
    const text = '#EXTVLCOPT:start-time=4\n#EXTVLCOPT:stop-time=2\na.mp4';
    expect(importM3u(text, BASE)).toEqual({
      playlist: { montages: [{ tracks: [] }] },
      skipped: ['line 3 (a.mp4) has no part to play'],
    });
  });

  it.each([
    '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nsd.m3u8\n',
    '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nsd.mp4\n',
  ])('of HLS is one film: %j', (text) => {
    expect(tracksOf(text)).toEqual([{ items: [{ src: BASE }] }]);
  });
});
