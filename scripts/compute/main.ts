import { Command } from "commander";

import { toNumeraireError } from "../../sdk/decode-error.js";
import { reportFailure } from "../terminal/command-line.js";
import { auditCommand } from "./commands/audit.js";
import { balanceCommand } from "./commands/balance.js";
import { depositCommand } from "./commands/deposit.js";
import { fetchCommand } from "./commands/fetch.js";
import { jobsCommand } from "./commands/jobs.js";
import { logsCommand } from "./commands/logs.js";
import { providerCommand } from "./commands/provider.js";
import { registerCommand } from "./commands/register.js";
import { runCommand } from "./commands/run.js";
import { withdrawCommand } from "./commands/withdraw.js";

const program = new Command("compute")
  .description("buy computing power with NMR, or sell it")
  .addHelpText("after", "\nExit codes: 0 done or nothing to do, 1 error, 2 needs attention.")
  .addCommand(depositCommand())
  .addCommand(balanceCommand())
  .addCommand(runCommand())
  .addCommand(jobsCommand())
  .addCommand(logsCommand())
  .addCommand(fetchCommand())
  .addCommand(auditCommand())
  .addCommand(withdrawCommand())
  .addCommand(registerCommand())
  .addCommand(providerCommand());

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(toNumeraireError(error));
}
