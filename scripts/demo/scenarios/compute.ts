import { formatNmr } from "../../../sdk/index.js";
import { table } from "../../terminal/table.js";
import { makeCheck, type Check } from "../books.js";
import { buyTraining, type BoughtTraining } from "../buy-training.js";
import type { DemoChain } from "../chain.js";
import { keepBooks } from "../keep-books.js";
import { logisticInputs, logisticPredictor } from "../models/logistic.js";
import { playRound } from "../play-round.js";
import { printedBooks, renderBooks, type PrintedCheck, type StakeReport } from "../report.js";
import { PENDULUM, type Competitor } from "../scientists.js";
import { SMALL_CAST } from "../small-cast.js";
import { Story, renderStory, type Scene } from "../story.js";
import { checkSuite } from "../suite-books.js";
import type { Scenario } from "./scenario.js";

/** What training cost, what became of the stake, and where every NMR of the deposit is; amounts are decimal strings. */
export interface ComputeReport {
  scenario: "compute";
  network: string;
  chainId: string;
  provider: string;
  job: string;
  weights: number[];
  deposited: string;
  paid: string;
  returned: string;
  /** Number of the round in which the predictions were staked. */
  round: string;
  stake: StakeReport;
  story: Scene[];
  books: PrintedCheck[];
  booksBalance: boolean;
}

/**
 * A data scientist has its model trained by a provider, stakes what the model predicts, and withdraws what the training
 * left of the deposit.
 */
export const compute: Scenario = async (chain, folder) => {
  const { context } = chain;
  const story = new Story(context.log);
  const play = ((await context.suite.tournament.roundCount()) + 1n).toString();
  const bought = await buyTraining(chain, folder, play, story);
  const round = await keepBooks(chain, (opened) => playRound(chain, folder, opened, castWith(bought.weights)));
  const stake = round.stakes.find(({ owner }) => owner === bought.buyer.address);
  if (stake === undefined) throw new Error("Pendulum does not take part");
  story.tell("Pendulum", `stakes the predictions in round ${round.round}`, outcomeOf(stake));
  const returned = await withdraw(chain, bought, story);
  const checks = [...(await checkChannel(chain, bought, returned)), ...(await checkSuite(context))];
  const books = [...round.books, ...printedBooks(checks)];
  const report: ComputeReport = {
    scenario: "compute",
    network: context.network,
    chainId: context.chainId.toString(),
    provider: bought.providerId.toString(),
    job: bought.job.job,
    weights: bought.weights,
    deposited: formatNmr(bought.deposited),
    paid: formatNmr(bought.paid),
    returned: formatNmr(returned),
    round: round.round,
    stake,
    story: story.scenes,
    books,
    booksBalance: books.every(({ holds }) => holds),
  };
  return { report, text: render(report) };
};

/** The small cast, whose Pendulum predicts by weights that were learnt elsewhere. */
function castWith(weights: readonly number[]): Competitor[] {
  const { name, features } = PENDULUM;
  const model = { name, fit: () => logisticPredictor(logisticInputs(features), weights) };
  return SMALL_CAST.map((one) => (one.model.name === name ? { ...one, model } : one));
}

function outcomeOf({ verdict, ether, nmrBack, nmrDestroyed }: StakeReport): string {
  return `${verdict}: ${ether} ether won, ${nmrBack} NMR back, ${nmrDestroyed} NMR destroyed`;
}

/** What is left of the deposit comes back after the provider's delay; NMR in wei. */
async function withdraw(chain: DemoChain, { buyer, providerId }: BoughtTraining, story: Story): Promise<bigint> {
  const { nmr, compute } = chain.context.suite;
  const escrow = compute.connect(buyer);
  const { balance } = await compute.getChannel(providerId, buyer.address);
  const { withdrawDelay } = await compute.getProvider(providerId);
  await (await escrow.startWithdrawal(providerId, balance)).wait();
  await chain.advanceTo((await chain.now()) + Number(withdrawDelay));
  const before = await nmr.balanceOf(buyer.address);
  await (await escrow.withdraw(providerId)).wait();
  const returned = (await nmr.balanceOf(buyer.address)) - before;
  story.tell("Pendulum", "withdraws the rest after the provider's delay", `${formatNmr(returned)} NMR are back`);
  return returned;
}

async function checkChannel({ context }: DemoChain, bought: BoughtTraining, returned: bigint): Promise<Check[]> {
  const { providerId, buyer, job, due, deposited, paid } = bought;
  const channel = await context.suite.compute.getChannel(providerId, buyer.address);
  return [
    makeCheck("NMR deposited = paid + returned", deposited, paid + returned),
    makeCheck("the provider was paid what was signed", job.signed, paid),
    makeCheck("what was signed is what the usage log adds up to", due, job.signed),
    makeCheck("the escrow's own books: deposited", deposited, channel.deposited),
    makeCheck("the escrow's own books: claimed + withdrawn", paid + returned, channel.claimed + channel.withdrawn),
    makeCheck("the channel keeps nothing", 0n, channel.balance),
  ];
}

function render(report: ComputeReport): string {
  const { deposited, paid, returned } = report;
  return [
    renderStory(report.story),
    "",
    table(
      ["computing power", "NMR"],
      [
        ["deposited", deposited],
        ["paid to the provider", paid],
        ["returned", returned],
      ],
      [1],
    ),
    "",
    renderBooks(report),
  ].join("\n");
}
