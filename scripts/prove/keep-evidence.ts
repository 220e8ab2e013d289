import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/**
 * Keeps a result as docs/evidence/<name>.json, with the command and the commit that made it.
 * @param name Name of the npm script.
 * @param result Anything that JSON can say.
 */
export function keepEvidence(name: string, result: object): void {
  const commit = execFileSync("git", ["describe", "--always", "--dirty"], { cwd: ROOT, encoding: "utf8" }).trim();
  const folder = join(ROOT, "docs/evidence");
  mkdirSync(folder, { recursive: true });
  const evidence = { command: `npm run ${name} -- --write`, commit, node: process.version, ...result };
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(evidence, null, 2)}\n`);
}
