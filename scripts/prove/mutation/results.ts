import { createHash } from "node:crypto";
import { appendFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";

import type { Verdict } from "./mutant.js";

/** Verdicts kept on disk, one JSON a line, so that a run can go on where another stopped. */
export class Results {
  readonly #path: string;
  readonly #sources: string;
  readonly #verdicts = new Map<string, Verdict>();

  /**
   * @param path File to keep them in.
   * @param fresh Whether to forget what is there. What was found with other contracts is never used.
   */
  constructor(path: string, fresh: boolean) {
    this.#path = path;
    const hash = createHash("sha256");
    for (const file of globSync(["contracts/*.sol", "contracts/{interfaces,libraries}/*.sol"]).sort())
      hash.update(file).update(readFileSync(file));
    this.#sources = hash.digest("hex");
    mkdirSync(dirname(path), { recursive: true });
    if (fresh) rmSync(path, { force: true });
    if (!existsSync(path)) return;
    for (const line of readFileSync(path, "utf8").split("\n")) {
      if (line === "") continue;
      const { sources, ...verdict } = JSON.parse(line) as Verdict & { sources: string };
      if (sources === this.#sources) this.#verdicts.set(verdict.id, verdict);
    }
  }

  get(id: string): Verdict | undefined {
    return this.#verdicts.get(id);
  }

  /** Keeps a verdict; a later one on the same mutant counts instead of an earlier one. */
  add(verdict: Verdict): void {
    this.#verdicts.set(verdict.id, verdict);
    appendFileSync(this.#path, `${JSON.stringify({ sources: this.#sources, ...verdict })}\n`);
  }
}
