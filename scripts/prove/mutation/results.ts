import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";

import type { Verdict } from "./mutant.js";
import { contractOf, sourcesOf } from "./tested-contracts.js";

/** What the kept evidence says, as far as a run goes on from it. */
export interface KeptVerdicts {
  /** Commit of the run that kept them; that of a verdict which names none. */
  commit: string;
  /** Digest of the sources that were tested, by contract. */
  sources: Readonly<Record<string, string>>;
  verdicts: readonly Verdict[];
}

/** Verdicts kept on disk, one JSON a line, so that a run can go on where another stopped. */
export class Results {
  readonly #path: string;
  /** Digest of each contract's sources, by contract. */
  readonly #digests = new Map<string, string>();
  readonly #verdicts = new Map<string, Verdict>();

  /**
   * @param path File to keep them in.
   * @param fresh Whether to forget what is there. What was found with other sources of the contract is never used.
   * @param kept Evidence of earlier runs, on this machine or another.
   */
  constructor(path: string, fresh: boolean, kept?: Partial<KeptVerdicts>) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true });
    if (fresh) {
      rmSync(path, { force: true });
      return;
    }
    for (const verdict of kept?.verdicts ?? []) {
      if (!existsSync(verdict.file)) continue;
      if (kept?.sources?.[contractOf(verdict.file)] !== this.#digest(verdict.file)) continue;
      const commit = verdict.commit ?? kept.commit;
      this.#verdicts.set(verdict.id, commit === undefined ? verdict : { ...verdict, commit });
    }
    if (!existsSync(path)) return;
    for (const line of readFileSync(path, "utf8").split("\n")) {
      if (line === "") continue;
      const { sources, ...verdict } = JSON.parse(line) as Verdict & { sources: string };
      if (existsSync(verdict.file) && sources === this.#digest(verdict.file)) this.#verdicts.set(verdict.id, verdict);
    }
  }

  get(id: string): Verdict | undefined {
    return this.#verdicts.get(id);
  }

  /** Digest of the sources of every contract whose mutants have a verdict, by contract. */
  get sources(): Record<string, string> {
    for (const { file } of this.#verdicts.values()) this.#digest(file);
    return Object.fromEntries([...this.#digests].sort());
  }

  /** Keeps a verdict; a later one on the same mutant counts instead of an earlier one. */
  add(verdict: Verdict): void {
    this.#verdicts.set(verdict.id, verdict);
    appendFileSync(this.#path, `${JSON.stringify({ sources: this.#digest(verdict.file), ...verdict })}\n`);
  }

  /** Digest of everything that the code with a source file in it is made of. */
  #digest(file: string): string {
    const contract = contractOf(file);
    const known = this.#digests.get(contract);
    if (known !== undefined) return known;
    const hash = createHash("sha256");
    for (const source of sourcesOf(contract)) hash.update(source).update(readFileSync(source));
    const digest = hash.digest("hex");
    this.#digests.set(contract, digest);
    return digest;
  }
}
