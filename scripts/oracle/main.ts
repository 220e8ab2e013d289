import { Command } from "commander";

import { toNumeraireError } from "../../sdk/decode-error.js";
import { reportFailure } from "../terminal/command-line.js";
import { applyCommand } from "./commands/apply.js";
import { approveCommand } from "./commands/approve.js";
import { cancelCommand } from "./commands/cancel.js";
import { doctorCommand } from "./commands/doctor.js";
import { finalizeCommand } from "./commands/finalize.js";
import { planCommand } from "./commands/plan.js";
import { scoreCommand } from "./commands/score.js";
import { settleCommand } from "./commands/settle.js";
import { statusCommand } from "./commands/status.js";
import { sweepCommand } from "./commands/sweep.js";
import { verifyCommand } from "./commands/verify.js";
import { vetoCommand } from "./commands/veto.js";
import { voidCommand } from "./commands/void.js";
import { watchCommand } from "./commands/watch.js";

const program = new Command("oracle")
  .description("score, resolve and verify rounds of the staking tournament")
  .addHelpText("after", "\nExit codes: 0 done or nothing to do, 1 error, 2 needs attention.")
  .addCommand(doctorCommand())
  .addCommand(scoreCommand())
  .addCommand(planCommand())
  .addCommand(applyCommand())
  .addCommand(verifyCommand())
  .addCommand(approveCommand())
  .addCommand(finalizeCommand())
  .addCommand(settleCommand())
  .addCommand(sweepCommand())
  .addCommand(vetoCommand())
  .addCommand(voidCommand())
  .addCommand(cancelCommand())
  .addCommand(watchCommand())
  .addCommand(statusCommand());

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(toNumeraireError(error));
}
