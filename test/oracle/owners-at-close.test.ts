import { expect } from "chai";
import { encodeBytes32String, parseEther } from "ethers";

import type { SigningContext } from "../../scripts/chain/context.js";
import { apply } from "../../scripts/oracle/apply.js";
import { approve } from "../../scripts/oracle/approve.js";
import { plan } from "../../scripts/oracle/plan.js";
import { readRound } from "../../scripts/oracle/round-state.js";
import { verify } from "../../scripts/oracle/verify.js";
import { expectedDigest } from "../../scripts/oracle/watch/expected-digest.js";
import { readHead } from "../../scripts/oracle/watch/head.js";
import { deployed, networkHelpers } from "../fixtures/deployed.js";
import { contextFor, memberWallet, scoreFolder } from "../fixtures/oracle-round.js";
import { close, fund, openRound, place } from "../fixtures/rounds.js";

const HEADER = "live_logloss,consistency,concordance,originality";

/** Two accounts with a model "x" each, which change owners once the round is closed. */
async function swappedAfterClose() {
  const d = await deployed();
  const [alice, bob] = d.others;
  if (alice === undefined || bob === undefined) throw new Error("accounts");
  const roundId = await openRound(d);
  for (const [i, owner] of [alice, bob].entries()) {
    await fund(d, owner);
    await d.tournament.connect(owner).registerModel(encodeBytes32String("x"));
    await place(d, roundId, BigInt(i + 1), { amount: parseEther("3"), confidence: parseEther("1") });
  }
  await close(d, roundId);
  await d.tournament.connect(alice).offerModel(1, bob);
  await d.tournament.connect(bob).acceptModel(1);
  await d.tournament.connect(bob).offerModel(2, alice);
  await d.tournament.connect(alice).acceptModel(2);
  const named = [
    `model,owner,${HEADER}`,
    `x,${alice.address},0.60,75,true,true`,
    `x,${bob.address},0.70,75,true,true`,
    "",
  ].join("\n");
  const numbered = [`model_id,${HEADER}`, "1,0.60,75,true,true", "2,0.70,75,true,true", ""].join("\n");
  return { d, roundId, named, numbered };
}

describe("score rows by name and owner, where models changed hands after the close", () => {
  it("stand for the owners at the close in plan, approve, verify and watch alike", async () => {
    const { d, roundId, named, numbered } = await networkHelpers.loadFixture(swappedAfterClose);
    const first = contextFor(d, memberWallet(d));
    const second = contextFor(d, memberWallet(d, 1)) as SigningContext;
    const planned = async (csv: string) => {
      const { scoreFile, planPath } = await scoreFolder(csv);
      return plan(first, { roundId, scoreFile, out: planPath });
    };
    const byNumber = await planned(numbered);
    expect((await planned(named)).plan.scoresDigest).to.equal(byNumber.plan.scoresDigest);
    await apply(first, { planPath: byNumber.path });

    const { scoreFile } = await scoreFolder(named);
    const round = await readRound(d.tournament, roundId);
    const ready = { state: "ready", path: scoreFile, sha256: "", savedAt: 0 } as const;
    const digest = await expectedDigest(second, await readHead(second), round, ready);
    expect(digest).to.equal(byNumber.plan.scoresDigest);
    expect((await approve(second, { roundId, scoreFile })).approvals).to.equal(2n);
    const { differences } = await verify(second, { roundId, scoreFile });
    expect(differences.map(({ what }) => what)).to.deep.equal(["evidence hash"]);
  });
});
