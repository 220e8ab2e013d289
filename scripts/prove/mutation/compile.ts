import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

import type { AstNode } from "./ast.js";
import { NumeraireError } from "../../../sdk/numeraire-error.js";

export interface CompileRequest {
  /** Texts that differ from the files of the project, by path. */
  changed: Readonly<Record<string, string>>;
  /** Contracts whose creation bytecode is wanted; none asks for syntax trees instead. */
  targets: readonly { file: string; contract: string }[];
  /** Sources whose syntax trees are wanted. */
  trees: readonly string[];
  /** Whether to use the project's exact settings; absent, a build is quick, and its code large and dear. */
  optimized?: boolean;
}

export interface CompileResult {
  errors: { message: string; file: string; start: number }[];
  /** Creation bytecode without `0x`, by contract. */
  bytecode: Record<string, string>;
  trees: Record<string, AstNode>;
}

const WORKER = fileURLToPath(new URL("compile-worker.ts", import.meta.url));

/**
 * Compiles in a process of its own, so that two builds can run at once.
 * @throws {NumeraireError} when the compiler itself fails; errors in the sources are in the result.
 */
export async function compile(request: CompileRequest): Promise<CompileResult> {
  const compiler = spawn(process.execPath, ["--import", "tsx", WORKER], { stdio: ["pipe", "pipe", "inherit"] });
  compiler.stdin.end(JSON.stringify(request));
  const chunks: Buffer[] = [];
  compiler.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((done, fail) => compiler.on("close", done).on("error", fail));
  if (code !== 0) {
    throw new NumeraireError(`compiling mutants: found exit code ${code ?? "none"} of the compiler, expected 0`, {
      hint: "Read the compiler's message above; `npm run build` must pass first.",
    });
  }
  return JSON.parse(Buffer.concat(chunks).toString()) as CompileResult;
}
