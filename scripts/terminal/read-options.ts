import { parseArgs, type ParseArgsConfig } from "node:util";

import { NumeraireError } from "../../sdk/numeraire-error.js";

/**
 * Reads the options of a program that takes nothing else.
 * @param script Name of its npm script, for the hint.
 * @param options What it takes, as node:util says it.
 * @param args What was typed; that of this process unless told.
 * @throws {NumeraireError} for an option that it does not take, or that lacks its value.
 */
export function readOptions<const Options extends NonNullable<ParseArgsConfig["options"]>>(
  script: string,
  options: Options,
  args: string[] = process.argv.slice(2),
) {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS_"))) throw error;
    // What follows the first sentence is about arguments that begin with a hyphen.
    const [message = ""] = error.message.split(/\.(?:\s|$)/);
    throw new NumeraireError(message, {
      hint: `\`npm run ${script} -- --help\` says what there is.`,
      cause: error,
    });
  }
}
