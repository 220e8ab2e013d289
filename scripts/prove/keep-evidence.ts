import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/**
 * Keeps a result as docs/evidence/<name>.json, a hyphen for a colon, with the command and the commit that made it.
 * @param name Name of the npm script.
 * @param result Anything that JSON can say.
 */
export function keepEvidence(name: string, result: object): void {
  const commit = execFileSync("git", ["describe", "--always", "--dirty"], { cwd: ROOT, encoding: "utf8" }).trim();
  const folder = join(ROOT, "docs/evidence");
  mkdirSync(folder, { recursive: true });
  const command = [`npm run ${name} --`, ...process.argv.slice(2)].join(" ");
  const evidence = { command, commit, node: process.version, ...result };
  writeFileSync(join(folder, `${name.replace(":", "-")}.json`), `${JSON.stringify(evidence, null, 2)}\n`);
}
