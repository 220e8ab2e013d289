// Runs in a thread of its own, in plain JavaScript, for a thread has no loader for TypeScript.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const wrap = require("solc/wrapper");

/** One compiler a path: loading it takes as long as compiling a small contract, and it compiles faster once it is warm. */
const compilers = new Map();

/**
 * Compiles one input.
 * @param {{ compilerPath: string, input: string }} task File of the compiler, and its standard JSON input.
 * @returns {string} The standard JSON output.
 */
export default function compile({ compilerPath, input }) {
  let compiler = compilers.get(compilerPath);
  if (compiler === undefined) {
    compiler = wrap(require(compilerPath));
    compilers.set(compilerPath, compiler);
  }
  return compiler.compile(input);
}
