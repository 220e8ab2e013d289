import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { NumeraireError } from "../../sdk/numeraire-error.js";

/** What Slither found, without places in files. */
export interface Finding {
  detector: string;
  impact: "High" | "Medium" | "Low" | "Informational" | "Optimization";
  /** Description, a line each; indentation and places removed. */
  lines: string[];
  /** Where to look first, as file:line. */
  place: string;
}

interface Report {
  success: boolean;
  error: string | null;
  results: {
    detectors?: {
      check: string;
      impact: Finding["impact"];
      description: string;
      elements: { source_mapping: { filename_relative: string; lines: number[] } }[];
    }[];
  };
}

const ROOT = join(import.meta.dirname, "../..");
const ENVIRONMENT = join(ROOT, ".venv-slither");
const PINS = join(import.meta.dirname, "slither-requirements.txt");
/** Copy of the pins that are installed. */
const STAMP = join(ENVIRONMENT, "requirements.txt");

function run(command: string, args: string[], hint: string): void {
  const { error, status, stderr } = spawnSync(command, args, { cwd: ROOT, encoding: "utf8", stdio: "pipe" });
  if (error !== undefined || status !== 0) {
    const found = error?.message ?? stderr.trim().split("\n").slice(-5).join("\n");
    throw new NumeraireError(`\`${[command, ...args].join(" ")}\` failed: ${found}`, { hint, cause: error });
  }
}

/**
 * Installs the pinned Slither in an environment of its own, once.
 * @throws NumeraireError when there is no Python or the packages cannot be had.
 */
export function installSlither(): void {
  const pins = readFileSync(PINS, "utf8");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === pins) return;
  console.error("static: installing the pinned Slither in .venv-slither");
  rmSync(ENVIRONMENT, { recursive: true, force: true });
  run(
    "python3",
    ["-m", "venv", ENVIRONMENT],
    "install Python 3.10 or newer with its venv module; tests do not need it",
  );
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", PINS];
  run(join(ENVIRONMENT, "bin/python"), pip, "check the network and the pins in scripts/prove/slither-requirements.txt");
  writeFileSync(STAMP, pins);
}

/** A `solc` for Slither to call: the project's own compiler. */
function writeCompiler(folder: string): string {
  const path = join(folder, "solc");
  const program = join(import.meta.dirname, "solc-for-slither.ts");
  writeFileSync(path, `#!/bin/sh\nexec "${process.execPath}" --import tsx "${program}" "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Compiler input for the contracts that ship; mocks do not. */
function writeInput(folder: string): string {
  const contracts = readdirSync(join(ROOT, "contracts")).filter((name) => name.endsWith(".sol"));
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(contracts.map((name) => [`contracts/${name}`, { urls: [`contracts/${name}`] }])),
    settings: {
      remappings: ["@openzeppelin/=node_modules/@openzeppelin/", "solady/=node_modules/solady/"],
      viaIR: true,
      evmVersion: "prague",
      optimizer: { enabled: true },
      outputSelection: {
        "*": { "": ["ast"], "*": ["abi", "devdoc", "userdoc", "evm.bytecode", "evm.deployedBytecode"] },
      },
    },
  };
  const path = join(folder, "input.json");
  writeFileSync(path, JSON.stringify(input));
  return path;
}

/** Removes places such as ` (contracts/Rounds.sol#138-148)`, which move with every edit. */
function withoutPlaces(description: string): string[] {
  return description
    .replace(/ \([^()\s]*#\d+(?:-\d+)?\)/g, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/**
 * Runs every detector of Slither over the project's contracts; the libraries they import are their authors' to check.
 * @throws NumeraireError when Slither fails.
 */
export function runSlither(): Finding[] {
  const folder = mkdtempSync(join(tmpdir(), "numeraire-slither-"));
  try {
    const report = join(folder, "report.json");
    const args = [writeInput(folder), "--compile-force-framework", "Solc-json", "--solc", writeCompiler(folder)];
    const options = ["--filter-paths", "node_modules", "--json", report];
    const slither = join(ENVIRONMENT, "bin/slither");
    const { stderr } = spawnSync(slither, [...args, ...options], {
      cwd: ROOT,
      encoding: "utf8",
      maxBuffer: 1 << 28,
      // Some detectors depend on the order of Python's sets: with a seed runs differ less.
      env: { ...process.env, PYTHONHASHSEED: "0" },
    });
    // Its exit code counts findings; the report tells whether it ran.
    if (!existsSync(report)) {
      throw new NumeraireError(`Slither wrote no report: ${stderr.trim().split("\n").slice(-5).join("\n")}`, {
        hint: "delete .venv-slither and run this again; if the contracts do not compile, `npm run build` says why",
      });
    }
    const { success, error, results } = JSON.parse(readFileSync(report, "utf8")) as Report;
    if (!success)
      throw new NumeraireError(`Slither failed: ${error ?? "no reason given"}`, { hint: "see its message" });
    return (results.detectors ?? []).map(({ check, impact, description, elements }) => {
      const at = elements[0]?.source_mapping;
      const place = at === undefined ? "" : `${at.filename_relative}:${at.lines[0] ?? 0}`;
      return { detector: check, impact, lines: withoutPlaces(description), place };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
