import { Command } from "commander";

import { streamLog } from "../../terminal/log.js";
import { print, withCommonOptions, withSignerOptions, type SignerOptions } from "../../terminal/command-line.js";
import { doctor } from "../doctor.js";
import { doctorTable } from "../doctor-table.js";

/** `doctor`: checks everything that the other commands need. */
export function doctorCommand(): Command {
  const command = new Command("doctor")
    .description("check node, deployment, account and machine, and say what to mend; sends nothing")
    .action(async (options: SignerOptions) => {
      const { network, account, keystore, hardhatKeystore } = options;
      const signer = { account, keystore, hardhatKeystore };
      const report = await doctor({ network, signer, log: streamLog(process.stderr) });
      print(options, report, doctorTable(report));
      if (!report.ok) process.exitCode = 2;
    });
  return withSignerOptions(withCommonOptions(command, "doctor --keystore key.json"));
}
