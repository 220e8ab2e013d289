import { createInterface } from "node:readline";
import { Writable } from "node:stream";

import { NumeraireError } from "../../sdk/numeraire-error.js";

/**
 * Asks the person at the terminal for a secret, which does not appear as it is typed.
 * @returns Undefined where there is no terminal.
 * @throws {NumeraireError} when the question is broken off.
 */
export async function askSecret(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const silent = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  // With terminal set, the terminal itself echoes nothing and the reader writes to the output, which is silent. Asked
  // only then: what is typed sooner would be echoed.
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true });
  process.stderr.write(question);
  try {
    return await new Promise<string>((resolve, reject) => {
      reader.once("line", resolve);
      reader.once("close", () => {
        reject(
          new NumeraireError("password: the question was broken off, expected an answer", {
            hint: "Run the command again; nothing was sent.",
          }),
        );
      });
    });
  } finally {
    reader.close();
    process.stderr.write("\n");
  }
}
