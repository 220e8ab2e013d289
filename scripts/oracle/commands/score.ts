import { Command } from "commander";

import {
  parseCount,
  parseRoundId,
  print,
  withCommonOptions,
  withReadingContext,
  type CommonOptions,
} from "../../terminal/command-line.js";
import { streamLog } from "../../terminal/log.js";
import { score, type ScoreRequest } from "../score.js";
import { scoreTable } from "../score-table.js";

interface Options extends CommonOptions {
  predictions: string;
  targets: string;
  out: string;
  features?: string;
  clusters?: number;
  round?: bigint;
}

/** `score`: from predictions and targets to the score file. */
export function scoreCommand(): Command {
  const command = new Command("score")
    .description("measure predictions: log-loss, consistency, concordance and originality of each model")
    .requiredOption(
      "--predictions <folder>",
      "folder with deliveries.csv or of <model id>.csv|.parquet, a glob, or one file with a column model_id",
    )
    .requiredOption("--targets <file>", "id,era,data_type,target[,cluster] as CSV or Parquet")
    .requiredOption("--out <file>", "score file to write")
    .option("--features <file>", "id and numeric columns, to make clusters of where the targets have none")
    .option("--clusters <number>", "how many clusters to make of the features", parseCount)
    .option("--round <number>", "check the files against the commitments of this round", parseRoundId)
    .action(async (options: Options) => {
      const request: ScoreRequest = { ...options, roundId: options.round };
      if (options.round === undefined) {
        const report = await score(request, streamLog(process.stderr));
        print(options, report, scoreTable(report));
        return;
      }
      await withReadingContext(options, async (context) => {
        const report = await score(request, context.log, context);
        print(options, report, scoreTable(report));
      });
    });
  return withCommonOptions(
    command,
    "score --round 3 --predictions store/round-3 --targets targets.parquet --out scores.csv",
  );
}
