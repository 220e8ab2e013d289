import { createInterface } from "node:readline/promises";

import type { Log } from "./log.js";

/**
 * Whether to send: --yes says so, or a person on a terminal; elsewhere it is a dry run.
 * @param yes Whether --yes was given.
 */
export async function askToSend(yes: boolean, log: Log): Promise<boolean> {
  if (yes) return true;
  if (process.stdin.isTTY && process.stderr.isTTY) {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    const answer = await terminal.question("Send? [y/N] ");
    terminal.close();
    return /^y(es)?$/i.test(answer.trim());
  }
  log.info("dry run: nothing was sent; pass --yes to send");
  return false;
}
