import { rewardsTree, type Earned } from "../../sdk/rewards-tree.js";
import { differences, type Check, type Comparison, type Difference } from "../oracle/verify/check.js";
import { payOut } from "./pay-out.js";
import { NO_ROOT, type WeekFile } from "./week-file.js";

/** The sum of amounts, in wei. */
export function sumOf(amounts: Earned): bigint {
  let sum = 0n;
  for (const amount of amounts.values()) sum += amount;
  return sum;
}

/** What accounts have earned once a week's payouts are added. */
export function addPayouts(before: Earned, payouts: Earned): Map<string, bigint> {
  const earned = new Map(before);
  for (const [account, amount] of payouts) earned.set(account, (earned.get(account) ?? 0n) + amount);
  return earned;
}

/**
 * Whether a week file's numbers follow from one another and from the week before: payouts from leaderboard and rule,
 * the tree from the last one and the payouts.
 * @param week The week.
 * @param before What each account had earned by the live week; its own root is checked as well.
 */
export function checkWeek(week: WeekFile, before: Earned): Check[] {
  return [checkPayouts(week), checkPrevious(week, before), checkTree(week, before), checkRoot(week)];
}

function checkPayouts({ rule, leaderboard, reputation, payouts, added }: WeekFile): Check {
  const due = payOut(rule, leaderboard.competitors, reputation);
  return {
    name: "payouts",
    detail: `${payouts.size} accounts, from leaderboard and rule`,
    differences: [
      ...compareAmounts("payout", payouts, due),
      ...differences([["NMR the week adds", added, sumOf(payouts), "NMR"]]),
    ],
  };
}

/** Whether what was earned before is what the live root says. */
export function checkPrevious({ previous }: WeekFile, before: Earned): Check {
  const root = before.size === 0 ? NO_ROOT : rewardsTree(before).root;
  return {
    name: "week before",
    detail: `${before.size} accounts, against the root that was live`,
    differences: differences([
      ["root of the week before", root, previous.root],
      ["NMR of all weeks before", sumOf(before), previous.allocated, "NMR"],
    ]),
  };
}

/** The promises that only somebody who sees every leaf can check. */
export function checkTree({ earned, payouts, added, previous }: WeekFile, before: Earned): Check {
  const found: Difference[] = [];
  for (const [account, amount] of before) {
    const now = earned.get(account);
    if (now === undefined) found.push({ what: account, expected: "to stay in the tree", found: "dropped" });
    else if (now < amount) {
      found.push(...differences([[`${account}: earned, which cannot fall`, now, amount, "NMR"]]));
    }
  }
  return {
    name: "tree",
    detail: "nobody falls or is dropped, and the leaves sum to what is allocated",
    differences: [
      ...found,
      ...compareAmounts("earned", earned, addPayouts(before, payouts)),
      ...differences([["sum of the leaves", sumOf(earned), previous.allocated + added, "NMR"]]),
    ],
  };
}

function checkRoot({ earned, root }: WeekFile): Check {
  const expected = earned.size === 0 ? NO_ROOT : rewardsTree(earned).root;
  return { name: "root", detail: root, differences: differences([["root of the leaves", root, expected]]) };
}

function compareAmounts(what: string, found: Earned, expected: Earned): Difference[] {
  const accounts = new Set([...expected.keys(), ...found.keys()]);
  const comparisons = [...accounts].map((account): Comparison => [
    `${account}: ${what}`,
    found.get(account) ?? 0n,
    expected.get(account) ?? 0n,
    "NMR",
  ]);
  return differences(comparisons);
}
