// Runs in a thread of its own, in plain JavaScript, for a thread has no loader for TypeScript.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const wrap = require("solc/wrapper");

/**
 * Compiles one input. The compiler is loaded the first time, and is faster each time until it is warm.
 * @param {{ compilerPath: string, input: string }} task File of the compiler, and its standard JSON input.
 * @returns {string} The standard JSON output.
 */
export default function compile({ compilerPath, input }) {
  return wrap(require(compilerPath)).compile(input);
}
