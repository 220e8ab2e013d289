import { formatNmr } from "../../sdk/units.js";
import type { Context } from "../chain/context.js";
import type { Difference } from "../oracle/verify/check.js";

const WHOLE = 10_000n;

/** Whether so much NMR is wrapped that votes can carry a proposal: a quorum of all NMR, which no threshold exceeds. */
export async function checkWrapped({ suite }: Context): Promise<Difference[]> {
  const { governor, nmr, votes } = suite;
  const [wrapped, supply, quorum] = await Promise.all([votes.totalSupply(), nmr.totalSupply(), governor.QUORUM_BPS()]);
  const needed = (supply * quorum + WHOLE - 1n) / WHOLE;
  if (wrapped >= needed && wrapped > 0n) return [];
  return [
    {
      what: "NMR wrapped to vote",
      found: `${formatNmr(wrapped)} NMR`,
      expected: `at least ${formatNmr(needed)} NMR, the quorum of all there is`,
    },
  ];
}
