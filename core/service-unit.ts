import { usage } from './errors.ts';

export const SERVICE_SYSTEMS = ['systemd', 'launchd'] as const;

/** Failures that another start would only repeat: usage, no such folder, a tool is missing. */
const NOT_AGAIN = [64, 66, 69];

/**
 * A unit for `systemctl --user`. It ends the command by SIGTERM and leaves it the time to end its programs; a start after a
 * failure goes on with what is finished.
 */
export function systemdUnit(command: readonly string[]): string {
  return `[Unit]
Description=Reelmill watches a folder and makes films of what is dropped into it

[Service]
ExecStart=${command.map(systemdWord).join(' ')}
Restart=on-failure
RestartSec=30
RestartPreventExitStatus=${NOT_AGAIN.join(' ')}
SuccessExitStatus=130
KillMode=mixed
TimeoutStopSec=30

[Install]
WantedBy=default.target
`;
}

/** A plist for `launchctl bootstrap gui/UID`, at ~/Library/LaunchAgents/reelmill.watch.plist. */
export function launchdPlist(command: readonly string[]): string {
  const words = command.map((word) => `    <string>${xmlText(word)}</string>`).join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>reelmill.watch</string>
  <key>ProgramArguments</key>
  <array>
${words}
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ThrottleInterval</key>
  <integer>30</integer>
  <key>ProcessType</key>
  <string>Background</string>
</dict>
</plist>
`;
}

/** systemd knows quotes, backslashes, variables ($) and specifiers (%) in a command. */
function systemdWord(word: string): string {
  refuseControl(word);
  const escaped = word.replace(/[\\"]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$');
  return `"${escaped}"`;
}

function xmlText(word: string): string {
  refuseControl(word);
  return word.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A line end in a name would begin another line of the unit. */
function refuseControl(word: string): void {
  if (/\p{Cc}/u.test(word)) throw usage(`${JSON.stringify(word)} has a control character, which a service cannot have`);
}
