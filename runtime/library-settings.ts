import process from 'node:process';

/** Lets the AWS SDK not print its plans for versions of Node.js in the midst of a command. */
export function quietSdk(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
}

/**
 * Keeps onnxruntime from sending what it is used for to its maker, which official builds do since 1.29, and from writing an
 * identifier of the machine. Call it on the main thread before the library is loaded, whose environment is the process's; the
 * copy that another thread has is not read. The name of the variable changed between versions
 * (microsoft/onnxruntime, pull requests 27379 and 29843).
 */
export function refuseTelemetry(): void {
  process.env.ORT_DISABLE_TELEMETRY = '1';
  process.env.ORT_TELEMETRY_DISABLED = '1';
}
