import { formatNmr } from "../../../sdk/index.js";
import { showBounty, bountyText, type BountyReport } from "../../bounty/show.js";
import { makeCheck, sumArgs, type Check } from "../books.js";
import type { DemoChain } from "../chain.js";
import { playBounty } from "../play-bounty.js";
import { printedBooks, renderBooks, type PrintedCheck } from "../report.js";
import { Story, renderStory, type Scene } from "../story.js";
import { checkSuite } from "../suite-books.js";
import type { Scenario } from "./scenario.js";

/** What became of a bounty, and whether the books of all contracts balance; amounts are decimal strings of NMR. */
export interface BountyStoryReport {
  scenario: "bounty";
  network: string;
  chainId: string;
  bounty: string;
  status: string;
  funded: string;
  awarded: string;
  reclaimed: string;
  submissions: { submission: string; submitter: string; status: string }[];
  grants: { grant: string; payee: string; awarded: string; releasedHalfWay: string; released: string }[];
  story: Scene[];
  books: PrintedCheck[];
  booksBalance: boolean;
}

/** A bounty is posted, won by signature, paid as it vests, and what is left goes back to its funders. */
export const bounty: Scenario = async (chain, folder) => {
  const { context } = chain;
  const story = new Story(context.log);
  const { bountyId, releasedHalfWay, checks: halfWay } = await playBounty(chain, folder, story);
  const shown = await showBounty(context, bountyId);
  const flows = await readFlows(chain, shown);
  const checks = [...halfWay, ...checkBounty(shown, flows), ...(await checkSuite(context))];
  const report: BountyStoryReport = {
    scenario: "bounty",
    network: context.network,
    chainId: context.chainId.toString(),
    bounty: bountyId.toString(),
    status: shown.bounty.status,
    funded: formatNmr(shown.bounty.funded),
    awarded: formatNmr(flows.awarded),
    reclaimed: formatNmr(flows.reclaimed),
    submissions: shown.submissions.map(({ submissionId, submitter, status }) => ({
      submission: submissionId.toString(),
      submitter,
      status,
    })),
    grants: shown.grants.map(({ grantId, payee, amount, released }) => ({
      grant: grantId.toString(),
      payee,
      awarded: formatNmr(amount),
      releasedHalfWay: formatNmr(releasedHalfWay.get(grantId) ?? 0n),
      released: formatNmr(released),
    })),
    story: story.scenes,
    books: printedBooks(checks),
    booksBalance: checks.every(({ holds }) => holds),
  };
  return { report, text: [renderStory(report.story), bountyText(shown), renderBooks(report)].join("\n\n") };
};

/** What the bounty's events say, in wei. */
interface BountyFlows {
  awarded: bigint;
  released: bigint;
  reclaimed: bigint;
}

async function readFlows({ context }: DemoChain, { bounty: { bountyId }, grants }: BountyReport): Promise<BountyFlows> {
  const { bounties } = context.suite;
  const { filters } = bounties;
  const [awarded, reclaimed, released] = await Promise.all([
    bounties.queryFilter(filters.SubmissionAwarded(bountyId)),
    bounties.queryFilter(filters.ContributionReclaimed(bountyId)),
    Promise.all(grants.map(({ grantId }) => bounties.queryFilter(filters.GrantReleased(grantId)))),
  ]);
  return {
    awarded: sumArgs(awarded, ({ amounts }) => amounts.reduce((sum, amount) => sum + amount, 0n)),
    released: sumArgs(released.flat(), ({ amount }) => amount),
    reclaimed: sumArgs(reclaimed, ({ amount }) => amount),
  };
}

function checkBounty({ bounty: { funded, unawarded } }: BountyReport, flows: BountyFlows): Check[] {
  return [
    makeCheck("NMR put in = awarded + taken back", funded, flows.awarded + flows.reclaimed),
    makeCheck("NMR awarded = released to the payees", flows.awarded, flows.released),
    makeCheck("the bounty keeps no NMR", 0n, unawarded),
  ];
}
