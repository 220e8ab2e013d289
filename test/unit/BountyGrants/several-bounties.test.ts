import { expect } from "chai";
import { ZeroHash, id } from "ethers";

import { WORK_URI, award, awardCall, bountyPeople, postBounty, type OpenBounty } from "../../fixtures/bounties.js";
import { networkHelpers } from "../../fixtures/deployed.js";
import { SUBMISSION_STATUS } from "../../fixtures/every-bounty-status.js";

const WORKS = ["first", "second", "third"].map(id);

/** Three bounties; the third has three submissions of the author. */
async function severalBounties(): Promise<OpenBounty> {
  const d = await bountyPeople();
  await postBounty(d);
  await postBounty(d, { by: d.patron });
  const bountyId = await postBounty(d);
  for (const work of WORKS) await d.bounties.connect(d.author).submit(bountyId, work, WORK_URI);
  const { deadline } = await d.bounties.getBounty(bountyId);
  return { ...d, bountyId, deadline: Number(deadline) };
}

const contentOf = async (d: OpenBounty, submissionId: bigint) =>
  (await d.bounties.getSubmission(d.bountyId, submissionId)).contentHash;
const statusOf = async (d: OpenBounty, submissionId: bigint) =>
  (await d.bounties.getSubmission(d.bountyId, submissionId)).status;

describe("BountyGrants with several bounties", () => {
  it("numbers submissions by bounty, and tells both numbers", async () => {
    const d = await networkHelpers.loadFixture(severalBounties);
    const submit = (bountyId: bigint, work: string) => d.bounties.connect(d.author).submit(bountyId, work, WORK_URI);
    await expect(submit(d.bountyId, id("fourth")))
      .to.emit(d.bounties, "WorkSubmitted")
      .withArgs(d.bountyId, 4n, d.author, id("fourth"), WORK_URI);
    await expect(submit(2n, id("fourth")))
      .to.emit(d.bounties, "WorkSubmitted")
      .withArgs(2n, 1n, d.author, id("fourth"), WORK_URI);
    expect(await Promise.all([1n, 2n, 3n, 4n, 5n].map((number) => contentOf(d, number)))).to.deep.equal([
      ...WORKS,
      id("fourth"),
      ZeroHash,
    ]);
  });

  it("names the submission that a repeated one repeats", async () => {
    const d = await networkHelpers.loadFixture(severalBounties);
    await expect(d.bounties.connect(d.author).submit(d.bountyId, WORKS[1] ?? "", WORK_URI))
      .to.be.revertedWithCustomError(d.bounties, "AlreadySubmitted")
      .withArgs(d.bountyId, 2n);
  });

  it("rejects the submission that is named, and no other", async () => {
    const d = await networkHelpers.loadFixture(severalBounties);
    await expect(d.bounties.connect(d.reviewer).reject(d.bountyId, 2n, "no"))
      .to.emit(d.bounties, "SubmissionRejected")
      .withArgs(d.bountyId, 2n, "no");
    expect(await Promise.all([1n, 2n, 3n].map((number) => statusOf(d, number)))).to.deep.equal([
      SUBMISSION_STATUS.Pending,
      SUBMISSION_STATUS.Rejected,
      SUBMISSION_STATUS.Pending,
    ]);
  });

  it("awards the submission that is named, out of its bounty", async () => {
    const d = await networkHelpers.loadFixture(severalBounties);
    const { payees, amounts } = awardCall(d);
    await expect(award(d, { submissionId: 2n }))
      .to.emit(d.bounties, "SubmissionAwarded")
      .withArgs(d.bountyId, 2n, payees, amounts, 0n, 0n);
    expect(await Promise.all([1n, 2n, 3n].map((number) => statusOf(d, number)))).to.deep.equal([
      SUBMISSION_STATUS.Pending,
      SUBMISSION_STATUS.Awarded,
      SUBMISSION_STATUS.Pending,
    ]);
  });

  it("notes with each grant which bounty it is from", async () => {
    const d = await networkHelpers.loadFixture(severalBounties);
    const { payees, amounts } = awardCall(d);
    await expect(award(d, { submissionId: 2n, vestingSeconds: 100n }))
      .to.emit(d.bounties, "SubmissionAwarded")
      .withArgs(d.bountyId, 2n, payees, amounts, 100n, 1n);
    for (const grantId of [1n, 2n]) expect((await d.bounties.getGrant(grantId)).bountyId).to.equal(d.bountyId);
  });
});
