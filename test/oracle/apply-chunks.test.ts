import path from "node:path";

import { expect } from "chai";
import hre from "hardhat";

import { apply, previewApply } from "../../scripts/oracle/apply.js";
import { CHUNK } from "../../sdk/score-sheet.js";
import { TWO_CHUNKS } from "../fixtures/chunked-round.js";
import { deployed, networkHelpers } from "../fixtures/deployed.js";
import { dying } from "../fixtures/dying-provider.js";
import { failure } from "../fixtures/failure.js";
import { contextFor, memberWallet, planned } from "../fixtures/oracle-round.js";
import { close, fleet, openRound, stakeFleet } from "../fixtures/rounds.js";

describe("apply with several chunks", () => {
  /** A closed round of two chunks. */
  async function bigRound() {
    const d = await deployed();
    const roundId = await openRound(d);
    const contract = await fleet(d, TWO_CHUNKS, 10n ** 24n);
    const bids = Array.from({ length: TWO_CHUNKS }, (_, i) => ({
      amount: 10n ** 16n,
      confidence: 10n ** 18n + BigInt(i),
    }));
    await stakeFleet(contract, roundId, 1n, bids);
    await close(d, roundId);
    return { ...d, roundId };
  }
  const csv = `model_id,live_logloss,consistency,concordance,originality\n${Array.from({ length: TWO_CHUNKS }, (_, i) => `${i + 1},0.${i % 3 === 0 ? 70 : 69},60,true,true\n`).join("")}`;

  it("continues with the chunk that is missing when killed between two", async () => {
    const d = await networkHelpers.loadFixture(bigRound);
    const { planPath, plan: made } = await planned(d, d.roundId, csv);
    expect(made.chunks).to.have.length(2);
    const provider = dying("broadcastTransaction", 3, "before");
    const stateFolder = path.dirname(planPath);
    await failure(apply({ ...contextFor(d, memberWallet(d, 0, provider), provider), stateFolder }, { planPath }));
    expect((await d.tournament.getAttempt(d.roundId, 1)).scoredCount).to.equal(BigInt(CHUNK));

    const operator = { ...contextFor(d, memberWallet(d)), stateFolder };
    const preview = await previewApply(operator, { planPath });
    expect(preview).to.deep.include({ attemptId: 1, postedChunks: 1 });
    expect(preview.calls.map(({ step }) => step)).to.deep.equal(["post chunk 2 of 2", "approve the report"]);
    await apply(operator, { planPath });
    const attempt = await d.tournament.getAttempt(d.roundId, 1);
    expect(attempt.scoredCount).to.equal(BigInt(TWO_CHUNKS));
    expect(attempt.scoresDigest).to.equal(made.scoresDigest);
    expect((await d.tournament.getRound(d.roundId)).attemptCount).to.equal(1n);
  });

  it("estimates the gas of a full chunk from above, within a tenth", async function () {
    // Instrumented code costs more.
    if (hre.globalOptions.coverage) this.skip();
    const d = await networkHelpers.loadFixture(bigRound);
    const { planPath, plan: made } = await planned(d, d.roundId, csv);
    const { sent } = await apply(contextFor(d, memberWallet(d)), { planPath });
    const used = sent[1]?.gasUsed ?? 0n;
    const estimate = made.gas.post[0] ?? 0n;
    expect(estimate >= used && estimate * 10n <= used * 11n, `${estimate} for ${used}`).to.equal(true);
  });
});
