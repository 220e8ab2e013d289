import { id } from "ethers";

import {
  WORK_URI,
  approvalOf,
  award,
  endow,
  postCall,
  postData,
  signApproval,
  submittedBounty,
} from "../fixtures/bounties.js";
import { networkHelpers } from "../fixtures/deployed.js";
import { DAY } from "../fixtures/rounds.js";
import { gasOf } from "./gas-of.js";
import type { Operation } from "./operations.js";

/** Measures a bounty from posting to the last refund, where there was another before; every account holds NMR. */
export async function measureBounties(): Promise<Operation[]> {
  const d = await networkHelpers.loadFixture(submittedBounty);
  const { bounties, issuer, patron, author, colleague, stranger, reviewer, bountyId } = d;
  for (const account of [author, colleague, reviewer]) await endow(d, account, 1n);
  const { termsHash, termsURI, amount, deadline } = await postCall(d);
  const post = await bounties.connect(issuer).post(termsHash, termsURI, amount, deadline, reviewer);
  const transferAndCall = d.nmr.connect(issuer)["transferAndCall(address,uint256,bytes)"];
  const byTransfer = await transferAndCall(bounties, amount, postData(await postCall(d)));
  const fund = await bounties.connect(stranger).fund(bountyId, 1_000n);
  const submit = await bounties.connect(stranger).submit(bountyId, id("more"), WORK_URI);

  const payees = [author.address];
  const atOnce = await award(d, { payees, amounts: [1_000n] });
  const approval = await approvalOf(d, { submissionId: 2n, payees, amounts: [1_000n], vestingSeconds: BigInt(DAY) });
  const signed = await bounties.connect(stranger).awardBySig(approval, await signApproval(d, reviewer, approval));
  await networkHelpers.time.increase(DAY / 2);
  const release = await bounties.connect(stranger).release(1n);
  await bounties.connect(issuer).cancel(bountyId);
  const reclaim = await bounties.connect(patron).reclaim(bountyId);
  return [
    { name: "post a bounty", gas: await gasOf(post), budget: 175_000 },
    { name: "post a bounty by transferAndCall", gas: await gasOf(byTransfer), budget: 175_000 },
    { name: "fund a bounty", gas: await gasOf(fund), budget: 85_000 },
    { name: "submit work", gas: await gasOf(submit), budget: 112_000 },
    { name: "award one payee at once", gas: await gasOf(atOnce), budget: 72_000 },
    { name: "award one payee by signature, vesting", gas: await gasOf(signed), budget: 162_000 },
    { name: "release a grant", gas: await gasOf(release), budget: 53_000 },
    { name: "reclaim a contribution", gas: await gasOf(reclaim), budget: 53_000 },
  ];
}
