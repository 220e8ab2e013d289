import { parseEther } from "ethers";
import { expect } from "chai";

import { NO_CUT, UNSCORED, type Score } from "../../sdk/index.js";
import { deployed, ethers, networkHelpers } from "../fixtures/deployed.js";
import { expectBalanced } from "../fixtures/ledger.js";
import { BAD, GOOD, LN2, openRound, resolve, stakeEach, type Bid } from "../fixtures/rounds.js";

/** A stake of a story and what must become of it; amounts in NMR and ether. */
interface Line {
  confidence: string;
  amount: string;
  score: Score;
  /** `paid 2` (ether), `destroyed` or `returned`. */
  becomes: string;
}

interface Story {
  title: string;
  /** Ether. */
  prize: string;
  minConfidence?: string;
  cut: number;
  lines: readonly Line[];
}

const line = (confidence: string, amount: string, score: Score, becomes: string): Line => ({
  confidence,
  amount,
  score,
  becomes,
});

const WEI = "0.000000000000000001";
const FULL = "10.000000000000000001";

const STORIES: readonly Story[] = [
  {
    title: "the worked example of the specification",
    prize: "3000",
    cut: 4,
    lines: [
      line("5", "10000", BAD, "destroyed"),
      line("4", "2000", GOOD, "paid 500"),
      line("1.5", "3000", GOOD, "paid 2000"),
      line("1", "5000", BAD, "destroyed"),
      line("0.5", "300", GOOD, "paid 500"),
      line("0.4", "1000", BAD, "returned"),
      line("0.3", "1000", GOOD, "returned"),
    ],
  },
  {
    title: "the worked example, staked in the opposite order",
    prize: "3000",
    cut: 1,
    lines: [
      line("0.4", "1000", BAD, "returned"),
      line("0.5", "300", GOOD, "paid 500"),
      line("1", "5000", BAD, "destroyed"),
      line("1.5", "3000", GOOD, "paid 2000"),
      line("4", "2000", GOOD, "paid 500"),
      line("5", "10000", BAD, "destroyed"),
    ],
  },
  {
    title: "equal confidences: the older stake is served first",
    prize: "10",
    cut: 1,
    lines: [
      line("1", "4", GOOD, "paid 4"),
      line("1", "8", GOOD, "paid 6"),
      line("1", "8", GOOD, "returned"),
      line("1", "8", BAD, "returned"),
    ],
  },
  {
    title: "equal confidences: a failed stake older than the cut is destroyed, a younger one is not",
    prize: "10",
    cut: 1,
    lines: [line("1", "1", BAD, "destroyed"), line("1", "10", GOOD, "paid 10"), line("1", "1", BAD, "returned")],
  },
  {
    title: "a pool emptied to the wei: the next stake is safe",
    prize: "10",
    cut: 1,
    lines: [line("3", "12", GOOD, "paid 4"), line("2", "12", GOOD, "paid 6"), line("1", "1", BAD, "returned")],
  },
  {
    title: "a pool a wei too small: the cut gets a wei less",
    prize: "9.999999999999999999",
    cut: 1,
    lines: [
      line("3", "12", GOOD, "paid 4"),
      line("2", "12", GOOD, "paid 5.999999999999999999"),
      line("1", "1", BAD, "returned"),
    ],
  },
  {
    title: "a pool a wei too large: the next stake is judged for that wei",
    prize: FULL,
    cut: NO_CUT,
    lines: [line("3", "12", GOOD, "paid 4"), line("2", "12", GOOD, "paid 6"), line("1", "1", BAD, "destroyed")],
  },
  {
    title: "a pool a wei too large: the last wei is the cut's",
    prize: FULL,
    cut: 2,
    lines: [
      line("3", "12", GOOD, "paid 4"),
      line("2", "12", GOOD, "paid 6"),
      line("1", "1", GOOD, `paid ${WEI}`),
      line("1", "1", BAD, "returned"),
    ],
  },
  {
    title: "a payout that is no whole wei is rounded down",
    prize: "10",
    cut: NO_CUT,
    lines: [line("3", "1", GOOD, "paid 0.333333333333333333")],
  },
  {
    title: "a stake that earns less than a wei",
    prize: "10",
    cut: NO_CUT,
    lines: [line("2", WEI, GOOD, "returned"), line("2", WEI, BAD, "destroyed")],
  },
  {
    title: "an empty pool: nobody is at risk",
    prize: "0",
    cut: NO_CUT,
    lines: [line("5", "10", BAD, "returned"), line("4", "10", GOOD, "returned")],
  },
  {
    title: "nobody performs: everything is destroyed and nothing paid",
    prize: "10",
    cut: NO_CUT,
    lines: [line("5", "10", BAD, "destroyed"), line("0.000001", "10", BAD, "destroyed")],
  },
  {
    title: "everybody performs, and the pool is left over",
    prize: "10",
    cut: NO_CUT,
    lines: [line("5", "10", GOOD, "paid 2"), line("2", "10", GOOD, "paid 5")],
  },
  {
    title: "everybody performs, and the pool does not suffice",
    prize: "10",
    cut: 1,
    lines: [line("5", "40", GOOD, "paid 8"), line("2", "10", GOOD, "paid 2"), line("1", "10", GOOD, "returned")],
  },
  {
    title: "one stake that asks for more than there is",
    prize: "10",
    cut: 0,
    lines: [line("1", "11", GOOD, "paid 10")],
  },
  {
    title: "one stake that fails",
    prize: "10",
    cut: NO_CUT,
    lines: [line("1", "11", BAD, "destroyed")],
  },
  {
    title: "a log-loss at the benchmark does not perform, a millionth below does",
    prize: "10",
    cut: NO_CUT,
    lines: [
      line("1", "1", { ...GOOD, logloss: LN2 }, "destroyed"),
      line("1", "1", { ...GOOD, logloss: LN2 - 1 }, "paid 1"),
      line("1", "1", { ...GOOD, logloss: LN2 + 1 }, "destroyed"),
    ],
  },
  {
    title: "whoever is not eligible is returned, performing or not, and takes nothing from the pool",
    prize: "10",
    cut: 8,
    lines: [
      line("5", "50", UNSCORED, "returned"),
      line("5", "50", { ...BAD, scored: false }, "returned"),
      line("5", "50", { ...GOOD, concordant: false }, "returned"),
      line("5", "50", { ...BAD, concordant: false }, "returned"),
      line("5", "50", { ...GOOD, original: false }, "returned"),
      line("5", "50", { ...BAD, original: false }, "returned"),
      line("5", "50", { ...GOOD, consistency: 49 }, "returned"),
      line("5", "50", { ...BAD, consistency: 49 }, "returned"),
      line("1", "10", { ...GOOD, consistency: 50 }, "paid 10"),
    ],
  },
  {
    title: "the least consistency is enough, to be destroyed as well",
    prize: "10",
    cut: NO_CUT,
    lines: [
      line("5", "5", { ...GOOD, consistency: 50 }, "paid 1"),
      line("5", "5", { ...BAD, consistency: 50 }, "destroyed"),
    ],
  },
  {
    title: "a bid of almost nothing for all that is left is no bid",
    prize: "10",
    minConfidence: "0.1",
    cut: NO_CUT,
    lines: [
      line("5", "5", GOOD, "paid 1"),
      line("0.099999999999999999", "1000", GOOD, "returned"),
      line("0.099999999999999999", "1000", BAD, "returned"),
      line(WEI, "1", GOOD, "returned"),
      line("0.1", "0.1", GOOD, "paid 1"),
      line("0.1", "0.1", BAD, "destroyed"),
    ],
  },
];

const ether = (becomes: string): bigint => (becomes.startsWith("paid ") ? parseEther(becomes.slice(5)) : 0n);

describe("The auction, from staking to settlement", () => {
  for (const { title, prize, minConfidence = WEI, cut, lines } of STORIES) {
    it(`settles ${title}`, async () => {
      const d = await networkHelpers.loadFixture(deployed);
      const roundId = await openRound(d, parseEther(prize), { minConfidence: parseEther(minConfidence) });
      const bids = lines.map<Bid>(({ amount, confidence }) => ({
        amount: parseEther(amount),
        confidence: parseEther(confidence),
      }));
      await stakeEach(d, roundId, bids);
      const returned = bids.map(({ amount }, i) => (lines[i]?.becomes === "destroyed" ? 0n : amount));
      const paid = lines.map(({ becomes }) => ether(becomes));
      const staked = bids.reduce((sum, { amount }) => sum + amount, 0n);
      const burned = staked - returned.reduce((sum, amount) => sum + amount, 0n);
      const supply = await d.nmr.totalSupply();

      const attemptId = await resolve(
        d,
        roundId,
        lines.map(({ score }) => score),
      );
      expect((await d.tournament.getAttempt(roundId, attemptId)).cut).to.equal(cut);
      expect(supply - (await d.nmr.totalSupply()), "NMR destroyed").to.equal(burned);
      await expectBalanced(d);

      const previews = await Promise.all(bids.map((_, index) => d.tournament.previewOutcome(roundId, index)));
      expect(previews.map((preview) => preview.etherPaid)).to.deep.equal(paid);
      const owners = d.others.slice(0, bids.length);
      const settling = d.tournament.settle(roundId, 0n, bids.length);
      await expect(settling).to.changeTokenBalances(ethers, d.nmr, owners, returned);
      await expect(settling).to.changeEtherBalances(ethers, owners, paid);
      await expectBalanced(d);

      await d.tournament.sweepRemainder(roundId);
      expect(await d.nmr.balanceOf(d.tournament)).to.equal(0n);
      expect(await ethers.provider.getBalance(d.tournament)).to.equal(0n);
      await expectBalanced(d);
    });
  }

  it("keeps the place of a stake that was raised: among equals it stays the older", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const roundId = await openRound(d);
    const [early, late] = [parseEther("2"), parseEther("10")];
    await stakeEach(d, roundId, [
      { amount: early, confidence: parseEther("0.1") },
      { amount: late, confidence: parseEther("1") },
    ]);
    const [owner] = d.others;
    await d.nmr.connect(d.minter).mint(owner?.address ?? "", late - early);
    await d.tournament.connect(owner).raiseStake(roundId, 0n, late - early, parseEther("1"));
    await resolve(d, roundId, [GOOD, BAD]);
    const settling = d.tournament.settle(roundId, 0n, 2n);
    await expect(settling).to.changeTokenBalances(ethers, d.nmr, d.others.slice(0, 2), [late, late]);
    await expect(settling).to.changeEtherBalances(ethers, d.others.slice(0, 2), [parseEther("10"), 0n]);
    await expectBalanced(d);
  });
});
