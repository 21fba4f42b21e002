import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { DESIGN } from '../../core/report/design.ts';

const WEB = 'dist/web';
const sizeOf = (files: readonly (readonly [string, Buffer])[]) =>
  files.reduce((sum, [, content]) => sum + gzipSync(content).length, 0);

describe('the built pages', () => {
  let files: ReadonlyMap<string, Buffer>;
  beforeAll(async () => {
    await execa(process.execPath, ['scripts/build-web.mjs']);
    const found = await readdir(WEB, { recursive: true, withFileTypes: true });
    const paths = found.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
    files = new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path)] as const)));
  });
  const textOf = (end: string) =>
    [...files]
      .filter(([path]) => path.endsWith(end))
      .map(([, content]) => content.toString())
      .join('\n');

  it('are under 60 KB with gzip, scripts and styles together', () => {
    const page = textOf('.html');
    const isFirst = (path: string) => page.includes(basename(path));
    const fetched = [...files].filter(([path]) => path.endsWith('.html') || isFirst(path));
    expect(fetched.length).toBe(4);
    expect(sizeOf(fetched)).toBeLessThan(60_000);
    // beside them there is the player alone, which is loaded where there is a film to play
    const later = [...files].filter(([path]) => path.endsWith('.js') && !isFirst(path));
    expect(later.map(([path]) => basename(path).replace(/-.*/, '')).sort()).toEqual(['later', 'player', 'sphere']);
    const withoutSpheres = [...fetched, ...later.filter(([path]) => !basename(path).startsWith('sphere'))];
    expect(sizeOf(withoutSpheres)).toBeLessThan(70_000);
  });

  it('have nothing inline, and load nothing from anywhere else', () => {
    const page = textOf('.html');
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
    expect([...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, to]) => to)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^\/assets\/.*\.js$/),
        expect.stringMatching(/^\/assets\/.*\.css$/),
      ]),
    );
    expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(textOf('.css')).not.toMatch(/@import|url\((?!["']?data:)/);
    expect(textOf('.js')).not.toMatch(/\beval\(|new Function\(/);
  });

  it('have the colours of reports, from the same place', () => {
    const colours = [...DESIGN.matchAll(/--[\w-]+: (#[0-9a-f]{3,6})/g)].map(([, colour]) => colour ?? '');
    expect(colours.length).toBeGreaterThan(40);
    const css = textOf('.css');
    expect(colours.filter((colour) => !css.includes(colour))).toEqual([]);
  });
});
