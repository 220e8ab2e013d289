import { Command } from "commander";

import { toNumeraireError } from "../../sdk/decode-error.js";
import { reportFailure } from "../terminal/command-line.js";
import { applyCommand } from "./commands/apply.js";
import { planCommand } from "./commands/plan.js";
import { verifyCommand } from "./commands/verify.js";

const program = new Command("handover")
  .description("hand the suite over: from the deployer to a Safe, to the timelock, to the governor")
  .addHelpText("after", "\nExit codes: 0 done or nothing to do, 1 error, 2 needs attention.")
  .addCommand(planCommand())
  .addCommand(applyCommand())
  .addCommand(verifyCommand());

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(toNumeraireError(error));
}
