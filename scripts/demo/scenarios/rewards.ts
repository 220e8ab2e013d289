import { formatNmr } from "../../../sdk/index.js";
import { table } from "../../terminal/table.js";
import { keepBooks } from "../keep-books.js";
import { payWeek, type PaidWeek } from "../pay-week.js";
import { playRound } from "../play-round.js";
import { printedBooks, renderBooks, type DemoReport, type PrintedCheck } from "../report.js";
import { COMPETITORS } from "../scientists.js";
import { SMALL_CAST } from "../small-cast.js";
import { Story, renderStory, type Scene } from "../story.js";
import { checkSuite } from "../suite-books.js";
import type { Scenario } from "./scenario.js";

/** A third that performs, so that a batch of claims has more than one. */
const CAST = COMPETITORS.filter((one) => SMALL_CAST.includes(one) || one.name === "Neighbourhood");

/** A place of the week's leaderboard; amounts are decimal strings of NMR. */
interface RewardReport {
  model: string;
  scientist: string;
  account: string;
  logloss: string;
  /** Rounds that models of the account qualified in lately. */
  reputation: number;
  reward: string;
}

/** What a week paid the models of a round, and whether the books of all contracts balance. */
export interface RewardsReport {
  scenario: "rewards";
  network: string;
  chainId: string;
  /** Number of the round in which the models were measured. */
  round: string;
  week: string;
  proposal: string;
  root: string;
  /** NMR that the week minted, as a decimal string. */
  added: string;
  /** Best first. */
  leaderboard: RewardReport[];
  story: Scene[];
  /** Checks that `npm run rewards -- verify` makes. */
  verified: { check: string; ok: boolean }[];
  books: PrintedCheck[];
  booksBalance: boolean;
}

/** After a round the same models are paid from the root of a week, by their log-losses and reputations. */
export const rewards: Scenario = async (chain, folder) => {
  const { context } = chain;
  const story = new Story(context.log);
  const round = await keepBooks(chain, (opened) => playRound(chain, folder, opened, CAST));
  story.tell("The oracle", `resolves round ${round.round}`, `${round.stakes.length} models are measured and settled`);
  const paid = await payWeek(chain, folder, round.stakes, story);
  const books = [...round.books, ...printedBooks([...paid.checks, ...(await checkSuite(context))])];
  const { file } = paid.stored;
  const report: RewardsReport = {
    scenario: "rewards",
    network: context.network,
    chainId: context.chainId.toString(),
    round: round.round,
    week: file.week.toString(),
    proposal: paid.proposalId.toString(),
    root: file.root,
    added: formatNmr(file.added),
    leaderboard: leaderboardOf(round, paid),
    story: story.scenes,
    verified: paid.verified.checks.map(({ name, differences }) => ({ check: name, ok: differences.length === 0 })),
    books,
    booksBalance: books.every(({ holds }) => holds),
  };
  return { report, text: render(report) };
};

function leaderboardOf({ stakes }: DemoReport, { stored: { file } }: PaidWeek): RewardReport[] {
  return stakes
    .map(({ model, scientist, owner, logloss }) => ({
      model,
      scientist,
      account: owner,
      logloss,
      reputation: file.reputation
        .filter(({ account }) => account === owner)
        .reduce((sum, { reputation }) => sum + Number(reputation), 0),
      reward: formatNmr(file.payouts.get(owner) ?? 0n),
    }))
    .sort((a, b) => Number(a.logloss) - Number(b.logloss));
}

function render(report: RewardsReport): string {
  const rows = report.leaderboard.map(({ model, scientist, logloss, reputation, reward }) => [
    model,
    scientist,
    logloss,
    reputation.toString(),
    reward,
  ]);
  return [
    renderStory(report.story),
    "",
    `Week ${report.week}, root ${report.root}:`,
    table(["model", "scientist", "logloss", "reputation", "NMR"], rows, [2, 3, 4]),
    "",
    renderBooks(report),
  ].join("\n");
}
