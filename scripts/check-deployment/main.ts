import { Command } from "commander";

import { toNumeraireError } from "../../sdk/decode-error.js";
import { checkTable } from "../oracle/verify/check-table.js";
import {
  print,
  reportFailure,
  withCommonOptions,
  withReadingContext,
  type CommonOptions,
} from "../terminal/command-line.js";
import { checkDeployment } from "./check-deployment.js";

const program = withCommonOptions(
  new Command("check-deployment")
    .description("compare a deployment with its configuration: code, addresses, parameters, roles, delays")
    .action((options: CommonOptions) =>
      withReadingContext(options, async (context) => {
        const report = await checkDeployment(context);
        print(options, report, checkTable(`${context.network} at block ${report.block}`, report.checks));
        if (!report.ok) process.exitCode = 2;
      }),
    ),
  "--network localhost --json",
).addHelpText("after", "\nExit codes: 0 as configured, 1 error, 2 with the list of differences.");

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(toNumeraireError(error));
}
