import { expect } from "chai";
import { dataSlice, getAddress, id } from "ethers";
import fc from "fast-check";

import { rewardsTree, type Earned } from "../../sdk/rewards-tree.js";
import { deployed, networkHelpers, type Deployed } from "../fixtures/deployed.js";
import { BUDGET, ripe } from "../fixtures/rewards.js";

const RUNS = process.env.NUMERAIRE_DEEP === "1" ? 300 : 15;
const MOST = 24;

interface Play {
  /** What each account earns in the first and in the second week, in wei. */
  earnings: [first: bigint, second: bigint][];
  /** Which accounts claim in the first week: 0 not, 1 alone, 2 in a batch. */
  ways: number[];
}

const plays = fc.record({
  earnings: fc.array(fc.tuple(fc.bigInt({ min: 0n, max: BUDGET / 24n }), fc.bigInt({ min: 0n, max: BUDGET / 24n })), {
    minLength: 1,
    maxLength: MOST,
  }),
  ways: fc.array(fc.nat(2), { minLength: MOST, maxLength: MOST }),
});

/** Makes a week of these sums live. */
async function activate(d: Deployed, earned: Earned): Promise<void> {
  const total = [...earned.values()].reduce((sum, amount) => sum + amount, 0n);
  const added = total - (await d.rewards.allocated());
  await d.rewards.activateWeek(await ripe(d, { root: rewardsTree(earned).root, added }));
}

async function claimMany(d: Deployed, earned: Earned, accounts: readonly string[]): Promise<void> {
  const due = accounts.filter((account) => (earned.get(account) ?? 0n) > 0n);
  if (due.length === 0) return;
  const { accounts: ordered, cumulatives, proof, proofFlags } = rewardsTree(earned).batchOf(accounts);
  await d.rewards.claimMany(ordered, cumulatives, proof, proofFlags);
}

describe("Rewards of random trees, claimed alone, in batches and late", function () {
  this.timeout(600_000);

  it("pay every account exactly what it earned in all, and leave nothing", async () => {
    await fc.assert(
      fc.asyncProperty(plays, async ({ earnings, ways }: Play) => {
        const d = await networkHelpers.loadFixture(deployed);
        const accounts = earnings.map((_, i) => getAddress(dataSlice(id(`earner ${i}`), 12)));
        const sums = (week: 1 | 2): Earned =>
          new Map(
            accounts.map((account, i) => [account, (earnings[i] ?? [0n, 0n]).slice(0, week).reduce((a, b) => a + b)]),
          );
        const [first, second] = [sums(1), sums(2)];

        await activate(d, first);
        for (const account of accounts.filter((one, i) => ways[i] === 1 && (first.get(one) ?? 0n) > 0n)) {
          await d.rewards.claim(account, first.get(account) ?? 0n, rewardsTree(first).proofOf(account));
        }
        await claimMany(
          d,
          first,
          accounts.filter((_, i) => ways[i] === 2),
        );
        for (const [i, account] of accounts.entries()) {
          expect(await d.nmr.balanceOf(account)).to.equal(ways[i] === 0 ? 0n : first.get(account));
        }

        await activate(d, second);
        const late = accounts.filter(
          (account, i) => (second.get(account) ?? 0n) > (ways[i] === 0 ? 0n : (first.get(account) ?? 0n)),
        );
        if (late.length > 0) await claimMany(d, second, accounts);
        for (const account of accounts) expect(await d.nmr.balanceOf(account)).to.equal(second.get(account));
        expect(await d.nmr.balanceOf(d.rewards)).to.equal(0n);
        expect(await d.rewards.totalClaimed()).to.equal(await d.rewards.allocated());
      }),
      { numRuns: RUNS },
    );
  });
});
