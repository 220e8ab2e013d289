import { expect } from "chai";
import { Transaction, Wallet, concat, id, zeroPadValue, type Interface } from "ethers";

import { isHarmlessLate } from "../../scripts/chain/is-harmless-late.js";
import {
  AccessManager__factory,
  BountyGrants__factory,
  ComputeEscrow__factory,
  Numeraire__factory,
  OracleCommittee__factory,
  StakingTournament__factory,
  WeeklyRewards__factory,
} from "../../typechain-types/index.js";

describe("isHarmlessLate", () => {
  const wallet = Wallet.createRandom();
  const other = Wallet.createRandom().address;
  const signed = async (fields: { to?: string; data?: string; value?: bigint }) =>
    Transaction.from(await wallet.signTransaction({ type: 2, chainId: 1, nonce: 0, gasLimit: 1n, ...fields }));
  const calling = async (contract: Interface, name: string) =>
    isHarmlessLate(await signed({ to: other, data: contract.getFunction(name)?.selector ?? "" }));
  const contracts = {
    tournament: StakingTournament__factory.createInterface(),
    rewards: WeeklyRewards__factory.createInterface(),
    bounties: BountyGrants__factory.createInterface(),
    compute: ComputeEscrow__factory.createInterface(),
    committee: OracleCommittee__factory.createInterface(),
    nmr: Numeraire__factory.createInterface(),
    authority: AccessManager__factory.createInterface(),
  };

  const HARMLESS: Partial<Record<keyof typeof contracts, string[]>> = {
    tournament: ["settle", "sweepRemainder", "voidRound", "reclaimPrize", "reclaimBonus", "withdrawOwed"],
    rewards: ["activateWeek", "claim", "claimMany"],
    bounties: ["release", "expire", "reclaim"],
    compute: ["redeem", "redeemMany"],
  };

  for (const [of, contract] of Object.entries(contracts) as [keyof typeof contracts, Interface][]) {
    it(`is said of no function of ${of} but those that do the same soon or late`, async () => {
      const changing: string[] = [];
      contract.forEachFunction(({ constant, selector }) => (constant ? 0 : changing.push(selector)));
      const found: (string | undefined)[] = [];
      for (const selector of changing) {
        if (await calling(contract, selector)) found.push(contract.getFunction(selector)?.name);
      }
      expect(changing).not.to.deep.equal([]);
      expect(found).to.have.members(HARMLESS[of] ?? []);
    });
  }

  it("is said of the creation of a contract, and of nothing sent to oneself", async () => {
    expect(isHarmlessLate(await signed({ data: "0x6001" }))).to.equal(true);
    expect(isHarmlessLate(await signed({ to: wallet.address }))).to.equal(true);
  });

  it("is not said of anything with ether, nor of what others could make of no data", async () => {
    const settle = contracts.tournament.getFunction("settle").selector;
    expect(isHarmlessLate(await signed({ to: other, data: settle, value: 1n }))).to.equal(false);
    expect(isHarmlessLate(await signed({ to: wallet.address, value: 1n }))).to.equal(false);
    expect(isHarmlessLate(await signed({ to: other }))).to.equal(false);
    expect(isHarmlessLate(await signed({ to: wallet.address, data: "0x01" }))).to.equal(false);
  });

  it("is not said of what a timelock is to do", async () => {
    const selector = id("scheduleBatch(address[],uint256[],bytes[],bytes32,bytes32,uint256)").slice(0, 10);
    const data = concat([selector, zeroPadValue("0x01", 32)]);
    expect(isHarmlessLate(await signed({ to: other, data }))).to.equal(false);
  });
});
