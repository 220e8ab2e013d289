import { Command, Option } from "commander";

import { NumeraireError } from "../../../sdk/numeraire-error.js";
import { formatNmr } from "../../../sdk/units.js";
import { requireSigner } from "../../chain/context.js";
import {
  parseCount,
  print,
  withCommonOptions,
  withContext,
  withSignerOptions,
  type SignerOptions,
} from "../../terminal/command-line.js";
import { parseAccount } from "../../terminal/parse-account.js";
import { parseAmount } from "../../terminal/parse-amount.js";
import { parseServiceUrl } from "../options.js";
import { fetchResults, programOf, runJob } from "../run-job.js";
import { ticketNamed } from "../tickets.js";

interface Options extends SignerOptions {
  url: string;
  runtime: "node" | "python";
  cap: bigint;
  cores: number;
  memory: number;
  user?: string;
  out?: string;
}

/** `run`: has a program run and pays for it as it goes. */
export function runCommand(): Command {
  const command = new Command("run")
    .description("have a provider run a program with its data, and sign vouchers for what it uses")
    .argument("<files...>", "the program, then its data")
    .requiredOption("--url <address>", "the provider's service", parseServiceUrl)
    .requiredOption(
      "--cap <nmr>",
      "most that your vouchers to this provider may promise, earlier jobs included",
      parseAmount,
    )
    .addOption(new Option("--runtime <name>", "what runs it").choices(["node", "python"]).default("python"))
    .option("--cores <number>", "most processors to be charged for", parseCount, 1)
    .option("--memory <MiB>", "most memory to be charged for", parseCount, 512)
    .option("--user <address>", "account that pays, where you sign with its session key", parseAccount)
    .option("--out <folder>", "write what the job left into this folder")
    .action((files: string[], options: Options) =>
      withContext(options, async (context) => {
        const signing = requireSigner(context);
        const result = await runJob(signing, {
          url: options.url,
          user: options.user ?? (await signing.signer.getAddress()),
          program: await programOf(options.runtime, files),
          cap: options.cap,
          cores: options.cores,
          memoryBytes: options.memory * 2 ** 20,
          output: (text) => {
            // What it prints takes the place of the bar, which is drawn again below.
            if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
            process.stderr.write(text);
          },
        });
        const left =
          options.out === undefined ? [] : await fetchResults(await ticketNamed(context, result.job), options.out);
        const text = `job ${result.job} ${result.state}, ${formatNmr(result.cost)} NMR`;
        print(options, { ...result, files: left }, [text, ...left.map((name) => `  ${name}`)].join("\n"));
        if (result.state !== "done") {
          throw new NumeraireError(`job ${result.job}: ${result.state}, ${result.reason}`, {
            hint: "Read what it printed with npm run compute -- logs.",
            exitCode: 2,
          });
        }
      }),
    );
  return withCommonOptions(
    withSignerOptions(command),
    "run --url https://compute.example --cap 2 --out results train.py train.csv",
  );
}
