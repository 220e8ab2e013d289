import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { posix } from "node:path";
import { text } from "node:stream/consumers";

import type { AstNode } from "./ast.js";
import type { CompileRequest, CompileResult } from "./compile.js";

interface Output {
  errors?: { severity: string; formattedMessage: string; sourceLocation?: { file: string; start: number } }[];
  contracts?: Record<string, Record<string, { evm: { bytecode: { object: string } } }>>;
  sources?: Record<string, { ast: AstNode }>;
}

/** The project's settings. */
const EXACT = { viaIR: true, evmVersion: "prague", optimizer: { enabled: true, runs: 2_000 } };
/**
 * The same but for what the optimizer may do: a build in a third of the time, whose behaviour is the same and whose gas
 * and size are not, so tests of gas are left out.
 */
const QUICK = {
  ...EXACT,
  metadata: { appendCBOR: false },
  optimizer: {
    enabled: true,
    runs: 200,
    details: { yul: true, yulDetails: { stackAllocation: true, optimizerSteps: "dhfoDulfnjmul:fDu" } },
  },
};

const solc = createRequire(import.meta.url)("solc") as { compile: (input: string) => string };
const { changed, targets, trees, optimized = false } = JSON.parse(await text(process.stdin)) as CompileRequest;

const sources: Record<string, { content: string }> = {};
/** Reads a source and all that it imports, directly or not. */
function load(path: string): void {
  if (path in sources) return;
  const content = changed[path] ?? readFileSync(existsSync(path) ? path : `node_modules/${path}`, "utf8");
  sources[path] = { content };
  for (const [, imported = ""] of content.matchAll(/(?:from|import)\s+"([^"]+)"/g)) {
    load(imported.startsWith(".") ? posix.join(posix.dirname(path), imported) : imported);
  }
}
for (const { file } of targets) load(file);
for (const file of trees) load(file);

const outputSelection: Record<string, Record<string, string[]>> = {};
for (const { file, contract } of targets) outputSelection[file] = { [contract]: ["evm.bytecode.object"] };
for (const file of trees) outputSelection[file] = { ...outputSelection[file], "": ["ast"] };
const input = { language: "Solidity", sources, settings: { ...(optimized ? EXACT : QUICK), outputSelection } };
const output = JSON.parse(solc.compile(JSON.stringify(input))) as Output;

const result: CompileResult = { errors: [], bytecode: {}, trees: {} };
for (const { severity, formattedMessage, sourceLocation } of output.errors ?? []) {
  if (severity !== "error") continue;
  result.errors.push({
    message: formattedMessage,
    file: sourceLocation?.file ?? "",
    start: sourceLocation?.start ?? 0,
  });
}
for (const { file, contract } of targets) {
  result.bytecode[contract] = output.contracts?.[file]?.[contract]?.evm.bytecode.object ?? "";
}
for (const file of trees) {
  const ast = output.sources?.[file]?.ast;
  if (ast !== undefined) result.trees[file] = ast;
}
process.stdout.write(JSON.stringify(result));
