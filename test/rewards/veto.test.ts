import { expect } from "chai";

import { propose } from "../../scripts/rewards/propose.js";
import { previewVeto, veto } from "../../scripts/rewards/veto.js";
import { networkHelpers } from "../fixtures/deployed.js";
import { failure } from "../fixtures/failure.js";
import { contextFor } from "../fixtures/oracle-round.js";
import { people } from "../fixtures/people.js";
import { openWeeks, type Operator, type Weeks } from "../fixtures/reward-weeks.js";
import { PROPOSAL_LIFETIME, propose as proposeOnChain } from "../fixtures/rewards.js";

describe("rewards veto", () => {
  let weeks: Weeks;

  beforeEach(async () => {
    weeks = await openWeeks();
  });
  afterEach(() => weeks.remove());

  /** Week 1 proposed by the first member, and otherwise by a rival. */
  const proposed = async (): Promise<Operator> => {
    const o = await weeks.begin();
    await weeks.plan(o, 1, people(o).alice);
    await propose(o.first, weeks.of(1));
    await proposeOnChain(o, { member: o.members[2] });
    return o;
  };

  it("kills every proposal made so far, says which, and lets another follow", async () => {
    const o = await proposed();
    const guardian = contextFor(o, o.guardian);
    const request = { proposalId: 2n, reason: "two roots for one week" };
    const { proposals } = await previewVeto(guardian, request);
    expect(proposals.map(({ proposalId, stage }) => [proposalId, stage])).to.deep.equal([
      [1n, "challenge"],
      [2n, "challenge"],
    ]);
    expect(await o.rewards.vetoedCount()).to.equal(0n);
    const { sent, ...result } = await veto(guardian, request);
    expect(result).to.deep.equal({ week: 1n, proposalId: 2n, vetoed: [1n, 2n] });
    const receipt = await o.reader.provider.getTransactionReceipt(sent?.hash ?? "");
    const [log] = await o.rewards.queryFilter(o.rewards.filters.ProposalsVetoed(), receipt?.blockNumber);
    expect(log?.args.reason).to.equal("two roots for one week");
    expect((await propose(o.first, weeks.of(1))).proposalId).to.equal(3n);
  });

  it("sends nothing the second time", async () => {
    const o = await proposed();
    const guardian = contextFor(o, o.guardian);
    await veto(guardian, { proposalId: 1n, reason: "wrong" });
    expect(await veto(guardian, { proposalId: 2n, reason: "wrong" })).to.deep.equal({
      week: 1n,
      proposalId: 2n,
      vetoed: [],
    });
    expect(await o.rewards.queryFilter(o.rewards.filters.ProposalsVetoed())).to.have.length(1);
  });

  it("is refused to anybody but the guardian, before anything is sent", async () => {
    const o = await proposed();
    const refused = await failure(previewVeto(o.first, { proposalId: 1n, reason: "mine" }));
    expect(refused.message).to.contain("found no right to veto, expected the account of the guardian");
    const keyless = await failure(previewVeto(o.reader, { proposalId: 1n, reason: "mine" }));
    expect(keyless.message).to.contain("account");
  });

  it("refuses a proposal that does not exist, is live, overtaken or expired", async () => {
    const o = await proposed();
    const guardian = contextFor(o, o.guardian);
    const reasonFor = async (proposalId: bigint): Promise<string> =>
      (await failure(veto(guardian, { proposalId, reason: "late" }))).message;
    await expect(veto(guardian, { proposalId: 9n, reason: "late" }))
      .to.be.revertedWithCustomError(o.rewards, "ProposalNotFound")
      .withArgs(9n);
    await networkHelpers.time.increase(PROPOSAL_LIFETIME + 1);
    expect(await reasonFor(1n)).to.equal("proposal 1: found it expired, expected one that can become live");
    await weeks.play(o, 1, people(o).alice);
    expect(await reasonFor(3n)).to.equal("proposal 3: found it live, expected one that can become live");
    expect(await reasonFor(2n)).to.equal("proposal 2: found it overtaken, expected one that can become live");
    expect(await o.rewards.vetoedCount()).to.equal(0n);
  });
});
