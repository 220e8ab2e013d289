import { spawn } from "node:child_process";
import { cpSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { NumeraireError } from "../../../sdk/numeraire-error.js";

/** Where each contract's creation bytecode is written down, for the tests to deploy it. */
const BYTECODE_FILES = ["artifacts/**/*.json", "generated/artifacts/*.js", "typechain-types/factories/**/*.ts"];
const COPIED = ["artifacts", "contracts", "deploy", "generated", "scripts", "sdk", "test", "typechain-types"];
const COPIED_FILES = ["hardhat.config.ts", "package.json", "rocketh.ts", "tsconfig.json", ".mocharc.json"];
const CONFIG = "hardhat.mutants.config.ts";
/** Switches make contracts larger than a chain would take; one test after another ends at the first failure. */
const CONFIG_SOURCE = `import config from "./hardhat.config.js";
export default {
  ...config,
  networks: { ...config.networks, default: { type: "edr-simulated", allowUnlimitedContractSize: true } },
  test: { ...config.test, mocha: { parallel: false } },
};
`;

export interface TestRun {
  status: "passed" | "failed" | "timed out";
  /** The failing test and its error, on one line. */
  evidence: string;
}

/** A private copy of the built project, whose bytecode can be replaced and tested. */
export class Workspace {
  readonly #root: string;
  /** Texts with the bytecode as built, by contract. */
  readonly #templates = new Map<string, { path: string; text: string; original: string }[]>();

  constructor(root: string) {
    this.#root = root;
    mkdirSync(root, { recursive: true });
    for (const name of [...COPIED, ...COPIED_FILES]) {
      cpSync(name, join(root, name), { recursive: true, filter: (path) => !path.includes("build-info") });
    }
    symlinkSync(resolve("node_modules"), join(root, "node_modules"));
    writeFileSync(join(root, CONFIG), CONFIG_SOURCE);
  }

  /** Puts a contract's creation bytecode wherever tests deploy it from. */
  install(contract: string, bytecode: string): void {
    const templates = this.#templates.get(contract) ?? this.#findTemplates(contract);
    this.#templates.set(contract, templates);
    for (const { path, text, original } of templates) {
      writeFileSync(path, text.replaceAll(original, `"0x${bytecode}"`));
    }
  }

  /** Puts back every bytecode as it was built. */
  restore(): void {
    for (const { path, text } of [...this.#templates.values()].flat()) writeFileSync(path, text);
  }

  #findTemplates(contract: string): { path: string; text: string; original: string }[] {
    const artifacts = globSync(`artifacts/**/${contract}.json`, { cwd: this.#root });
    const [artifact] = artifacts;
    if (artifact === undefined) {
      throw new NumeraireError(`mutation testing: found no artifact of ${contract} in artifacts/`, {
        hint: "Run npm run build first.",
      });
    }
    const { bytecode } = JSON.parse(readFileSync(join(this.#root, artifact), "utf8")) as { bytecode: string };
    const original = `"${bytecode}"`;
    return globSync(BYTECODE_FILES, { cwd: this.#root })
      .map((name) => join(this.#root, name))
      .map((path) => ({ path, text: readFileSync(path, "utf8"), original }))
      .filter(({ text }) => text.includes(original));
  }

  /**
   * Runs test files until the first failure.
   * @param files Test files, from the root of the project.
   * @param seconds After which the run is ended; a run that long proves nothing.
   */
  async test(files: readonly string[], seconds: number): Promise<TestRun> {
    const args = [
      "node_modules/hardhat/dist/src/cli.js",
      "--config",
      CONFIG,
      "test",
      "mocha",
      "--no-compile",
      "--bail",
    ];
    // Inside a test run, its own settings would reach the one that is begun here.
    const environment = Object.entries(process.env).filter(([name]) => !name.startsWith("HARDHAT_"));
    const runner = spawn(process.execPath, [...args, ...files], {
      cwd: this.#root,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...Object.fromEntries(environment), FORCE_COLOR: "0" },
    });
    let output = "";
    runner.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    runner.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    let late = false as boolean;
    const timer = setTimeout(() => {
      late = true;
      runner.kill("SIGKILL");
    }, seconds * 1_000);
    const code = await new Promise<number | null>((done, fail) => runner.on("close", done).on("error", fail));
    clearTimeout(timer);

    if (late) return { status: "timed out", evidence: `no end after ${seconds} s` };
    if (code === 0 && /^\s*\d+ passing/m.test(output)) return { status: "passed", evidence: "" };
    // An assertion that fails while the test still waits for something else ends the whole run.
    const failure =
      /^\s*1 failing\s*$([\s\S]*)/m.exec(output)?.[1] ??
      /^Unhandled promise rejection:\s+(AssertionError: [\s\S]*)/m.exec(output)?.[1];
    if (failure === undefined) {
      throw new NumeraireError(`running tests: found neither passing nor failing tests, in ${files.length} files`, {
        hint: `The end of what they said: ${output.slice(-600)}`,
      });
    }
    const evidence = failure
      .replace(/\n\s+at [\s\S]*/, "")
      .replace(/\s+/g, " ")
      .trim()
      .slice(0, 300);
    return { status: evidence.includes("Timeout of") ? "timed out" : "failed", evidence };
  }
}
