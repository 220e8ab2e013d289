import { formatEther, formatNmr, parseNmr } from "../../../sdk/index.js";
import type { Context } from "../../chain/context.js";
import { settle } from "../../oracle/settle.js";
import { verify, type VerifyResult } from "../../oracle/verify.js";
import { voidRound } from "../../oracle/void-round.js";
import { readBalances, type Balances } from "../books.js";
import type { DemoChain } from "../chain.js";
import { requireAgreement } from "../play-round.js";
import { printedBooks, renderBooks, type PrintedCheck } from "../report.js";
import { SMALL_CAST } from "../small-cast.js";
import { stageRound, type Entrant, type StagedRound } from "../stage-round.js";
import { Story, renderStory, type Scene } from "../story.js";
import { checkVoidBooks, readVoidFlows } from "../void-books.js";
import type { Scenario } from "./scenario.js";

const BONUS = parseNmr("50");

/** What happened when nobody posted scores, and where everything went. */
export interface SilentReport {
  scenario: "silent-oracle";
  network: string;
  chainId: string;
  round: string;
  story: Scene[];
  /** Checks that the oracle's `verify` made on chain data. */
  verified: { check: string; ok: boolean }[];
  books: PrintedCheck[];
  booksBalance: boolean;
}

/**
 * No committee member posts anything. After the deadline anybody voids the round, everybody gets the stake back, and the
 * sponsor its contributions.
 */
export const silentOracle: Scenario = async (chain, folder) => {
  const { context } = chain;
  const story = new Story(context.log);
  const { entrants, roundId, before, verified } = await playSilent(chain, folder, story);
  const after = await readBalances(context, entrants);
  const checks = checkVoidBooks(before, after, await readVoidFlows(context, roundId));
  const report: SilentReport = {
    scenario: "silent-oracle",
    network: context.network,
    chainId: context.chainId.toString(),
    round: roundId.toString(),
    story: story.scenes,
    verified: verified.checks.map(({ name, differences }) => ({ check: name, ok: differences.length === 0 })),
    books: printedBooks(checks),
    booksBalance: checks.every(({ holds }) => holds),
  };
  return { report, text: `${renderStory(report.story)}\n\n${renderBooks(report)}` };
};

async function playSilent(
  chain: DemoChain,
  folder: string,
  story: Story,
): Promise<{ entrants: Entrant[]; roundId: bigint; before: Balances; verified: VerifyResult }> {
  const { context } = chain;
  let before: Balances | undefined;
  const staged = await stageRound(
    chain,
    folder,
    async (roundId, entrants) => {
      await fundBonus(chain, roundId);
      before = await readBalances(context, entrants);
    },
    SMALL_CAST,
  );
  if (before === undefined) throw new Error("the round never opened");
  const { roundId, entrants, deadline } = staged;
  const [onlooker] = entrants;
  if (onlooker === undefined) throw new Error("nobody takes part");
  const anybody: Context = { ...context, signer: onlooker.account };
  const name = `${onlooker.scientist.name}, a data scientist,`;

  story.tell("The committee", "posts nothing", `the round can be resolved until ${dateOf(deadline)}`);
  await story.tellRefusal(name, "tries to void the round at once", () => voidRound(anybody, { roundId }));
  await chain.advanceTo(deadline + 1);
  await voidRound(anybody, { roundId });
  story.tell(name, "voids it after the deadline", "every stake and contribution goes back, whoever asks");
  const { settled } = await settle(anybody, { roundId });
  story.tell(name, "settles it for everybody", `${settled} stakes are back with their owners, whole`);
  await reclaim(chain, staged, story);
  const verified = await verify(context, { roundId });
  requireAgreement(verified);
  return { entrants, roundId, before, verified };
}

/** The sponsor of the prize adds NMR for bonuses. */
async function fundBonus(chain: DemoChain, roundId: bigint): Promise<void> {
  const { nmr, tournament } = chain.context.suite;
  const sponsor = await chain.signer("roundManager");
  await (await nmr.connect(await chain.signer("minter")).mint(sponsor, BONUS)).wait();
  await (await nmr.connect(sponsor).approve(tournament, BONUS)).wait();
  await (await tournament.connect(sponsor).fundBonus(roundId, BONUS)).wait();
}

async function reclaim(chain: DemoChain, { roundId }: StagedRound, story: Story): Promise<void> {
  const sponsor = await chain.signer("roundManager");
  const tournament = chain.context.suite.tournament.connect(sponsor);
  const [prize, bonus] = await Promise.all([
    tournament.prizeContribution(roundId, sponsor),
    tournament.bonusContribution(roundId, sponsor),
  ]);
  await (await tournament.reclaimPrize(roundId)).wait();
  await (await tournament.reclaimBonus(roundId)).wait();
  story.tell("The sponsor", "reclaims both pools", `${formatEther(prize)} ether and ${formatNmr(bonus)} NMR are back`);
}

function dateOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
