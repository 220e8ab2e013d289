import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

import { NumeraireError } from "../../sdk/index.js";

/**
 * Runs a program of this folder in a process of its own and reads the JSON that it prints.
 * @param name File of the program.
 * @param order Its one argument, as JSON.
 * @throws {NumeraireError} when it fails; the reason is on stderr.
 */
export async function runProgram<Result>(name: string, order: object): Promise<Result> {
  const program = fileURLToPath(new URL(name, import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", program, JSON.stringify(order)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) {
    throw new NumeraireError(`${name}: found exit code ${String(code)} of its process, expected 0`, {
      hint: "The reason is printed above.",
    });
  }
  return JSON.parse(text) as Result;
}
