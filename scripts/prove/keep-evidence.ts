import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const FOLDER = join(ROOT, "docs/evidence");

/**
 * Keeps a result as docs/evidence/<name>.json, a hyphen for a colon, with the command and the commit that made it.
 * @param name Name of the npm script.
 * @param result Anything that JSON can say.
 */
export function keepEvidence(name: string, result: object): void {
  const commit = testedCommit();
  mkdirSync(FOLDER, { recursive: true });
  const command = [`npm run ${name} --`, ...process.argv.slice(2)].join(" ");
  const evidence = { command, commit, node: process.version, ...result };
  writeFileSync(pathOf(name), `${JSON.stringify(evidence, null, 2)}\n`);
}

/** What {@link keepEvidence} kept last; undefined where there is none. */
export function readEvidence(name: string): unknown {
  return existsSync(pathOf(name)) ? JSON.parse(readFileSync(pathOf(name), "utf8")) : undefined;
}

/** The commit of the working tree, with "-dirty" where files differ from it, other than evidence. */
export function testedCommit(): string {
  const git = (...args: string[]): string => execFileSync("git", args, { cwd: ROOT, encoding: "utf8" }).trim();
  const changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs/evidence");
  return git("rev-parse", "--short", "HEAD") + (changed === "" ? "" : "-dirty");
}

function pathOf(name: string): string {
  return join(FOLDER, `${name.replace(":", "-")}.json`);
}
