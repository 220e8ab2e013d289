import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

import { NumeraireError } from "../../sdk/index.js";
import type { DemoChain } from "./chain.js";

/** A provider of computing power in a process of its own. */
export interface ProviderProcess {
  /** Where its service is. */
  url: string;
  /**
   * Has it end its jobs, redeem what is signed, and go; once, however often it is called.
   * @throws {NumeraireError} when it fails at that.
   */
  stop(): Promise<void>;
}

const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const PROGRAM = fileURLToPath(new URL("../compute/main.ts", import.meta.url));

/**
 * Starts `npm run compute -- provider` on a free port.
 * @param key Private key of the account that registered the provider.
 * @param folder Where it keeps books, jobs and journals; made by it.
 * @param interval NMR that it does on credit, as a decimal string.
 * @throws {NumeraireError} when it ends instead of listening; what it says goes to stderr.
 */
export async function startProvider(
  { programs, context: { log } }: DemoChain,
  { key, folder, interval }: { key: string; folder: string; interval: string },
): Promise<ProviderProcess> {
  // The story's sums are to the wei: no voucher is too small to redeem.
  const options = ["--port", "0", "--folder", folder, "--interval", interval, "--redeem-least", "0.000000000000000001"];
  const child = spawn(process.execPath, ["--import", TSX, PROGRAM, "provider", ...options], {
    cwd: programs.cwd,
    env: { ...process.env, ...programs.environment, NUMERAIRE_PRIVATE_KEY: key, NUMERAIRE_STATE_DIR: folder },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  let said = "";
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (part: string) => {
      said += part;
      const found = /listens on (\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once("error", reject);
    void ended.then((code) => {
      reject(failed(code, said));
    });
  });
  log.info(`a provider of computing power listens on ${url}`);
  return {
    url,
    stop: async () => {
      child.kill("SIGTERM");
      const code = await ended;
      if (code !== 0) throw failed(code, said);
    },
  };
}

function failed(code: number | null, said: string): NumeraireError {
  return new NumeraireError(`provider: found exit code ${String(code)} of its process, expected 0`, {
    hint: `It said: ${said.trim()}`,
  });
}
