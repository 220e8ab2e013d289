import { Command } from "commander";

import { toNumeraireError } from "../../sdk/decode-error.js";
import { reportFailure } from "../terminal/command-line.js";
import { activateCommand } from "./commands/activate.js";
import { approveCommand } from "./commands/approve.js";
import { claimCommand } from "./commands/claim.js";
import { planCommand } from "./commands/plan.js";
import { proposeCommand } from "./commands/propose.js";
import { statusCommand } from "./commands/status.js";
import { verifyCommand } from "./commands/verify.js";
import { vetoCommand } from "./commands/veto.js";

const program = new Command("rewards")
  .description("plan, approve and pay weekly rewards of NMR")
  .addHelpText("after", "\nExit codes: 0 done or nothing to do, 1 error, 2 needs attention.")
  .addCommand(planCommand())
  .addCommand(proposeCommand())
  .addCommand(approveCommand())
  .addCommand(activateCommand())
  .addCommand(claimCommand())
  .addCommand(verifyCommand())
  .addCommand(vetoCommand())
  .addCommand(statusCommand());

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(toNumeraireError(error));
}
