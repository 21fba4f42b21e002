import { describe, expect, it } from '@jest/globals';
import { launchdPlist, systemdUnit } from '../../core/service-unit.ts';

const COMMAND = ['/usr/bin/node', '/opt/my mill/reelmill.mjs', 'watch', '/films/50% "off" $HOME <&>\\', '--once'];

describe('a unit for systemd', () => {
  it('quotes the command as systemd reads it', () => {
    expect(systemdUnit(COMMAND)).toContain(
      'ExecStart="/usr/bin/node" "/opt/my mill/reelmill.mjs" "watch" "/films/50%% \\"off\\" $$HOME <&>\\\\" "--once"\n',
    );
  });

  it('does not start again what another start would only repeat', () => {
    expect(systemdUnit(COMMAND)).toMatch(/Restart=on-failure\n.*\nRestartPreventExitStatus=64 66 69\n/);
  });
});

describe('a plist for launchd', () => {
  it('quotes the command as XML', () => {
    expect(launchdPlist(COMMAND)).toContain('    <string>/films/50% "off" $HOME &lt;&amp;&gt;\\</string>\n');
  });
});

it.each([systemdUnit, launchdPlist])('a name that would begin another line is refused', (unit) => {
  expect(() => unit(['/films\nExecStartPre=/bin/rm'])).toThrow('control character');
});
