import { keepBooks } from "../keep-books.js";
import { playRound } from "../play-round.js";
import { renderReport } from "../report.js";
import type { Scenario } from "./scenario.js";

/** An ordinary week: everybody does as they should. */
export const round: Scenario = async (chain, folder) => {
  const report = await keepBooks(chain, (opened) => playRound(chain, folder, opened));
  return { report, text: renderReport(report) };
};
