import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { StakingTournament__factory } from "../../../typechain-types/index.js";
import { deployed, networkHelpers, type Deployed } from "../../fixtures/deployed.js";

/** Deploys a tournament of the given parts. */
async function construct(d: Deployed, changes: { nmr?: string; committee?: string; treasury?: string }) {
  const parts = {
    nmr: await d.nmr.getAddress(),
    committee: await d.committee.getAddress(),
    treasury: d.treasury.address,
    ...changes,
  };
  const factory = new StakingTournament__factory(d.deployer);
  return factory.deploy(d.authority, parts.nmr, parts.committee, parts.treasury);
}

describe("StakingTournament.constructor", () => {
  it("keeps its parts", async () => {
    const d = await networkHelpers.loadFixture(deployed);
    const tournament = await construct(d, {});
    expect(await Promise.all([tournament.nmr(), tournament.committee(), tournament.treasury()])).to.deep.equal(
      await Promise.all([d.nmr.getAddress(), d.committee.getAddress(), d.treasury.getAddress()]),
    );
    expect(await tournament.authority()).to.equal(await d.authority.getAddress());
  });

  for (const part of ["nmr", "committee", "treasury"] as const) {
    it(`refuses no ${part}`, async () => {
      const d = await networkHelpers.loadFixture(deployed);
      await expect(construct(d, { [part]: ZeroAddress })).to.be.revertedWithCustomError(d.tournament, "ZeroAddress");
    });
  }
});
