import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";
import { AbiCoder, Wallet, parseEther } from "ethers";

import { payDemand, readJob, submitJob, type JobTicket, type Offer } from "../../scripts/compute/client.js";
import type { UsageLine } from "../../scripts/compute/usage-log.js";
import { now } from "../fixtures/compute-channel.js";
import { LIMITS, openProvider, pricedChannel, script } from "../fixtures/compute-provider.js";
import { ethers, networkHelpers } from "../fixtures/deployed.js";
import { skipUnlessRoot } from "../fixtures/skip-unless-root.js";

const deep = process.env.NUMERAIRE_DEEP === "1";
const USERS = deep ? 20 : 4;
const JOBS = deep ? 200 : 12;
const DEPOSIT = parseEther("50");
const PROGRAM = script("print(sum(range(100000)))");

describe(`${JOBS} jobs of ${USERS} users at once`, function () {
  this.timeout(deep ? 900_000 : 120_000);

  before(skipUnlessRoot);

  it("all end, lose no voucher, and leave the contract's books equal to the provider's", async () => {
    const d = await networkHelpers.loadFixture(pricedChannel);
    const users = Array.from({ length: USERS }, () => Wallet.createRandom());
    for (const user of users) {
      await d.nmr.connect(d.minter).mint(user, DEPOSIT);
      await networkHelpers.impersonateAccount(user.address);
      await networkHelpers.setBalance(user.address, parseEther("1"));
      const nmr = d.nmr.connect(await ethers.getSigner(user.address));
      const data = AbiCoder.defaultAbiCoder().encode(["uint256"], [1n]);
      await nmr["transferAndCall(address,uint256,bytes)"](d.compute, DEPOSIT, data);
    }
    const settings = { limits: { ...LIMITS, wallSeconds: 120 }, interval: parseEther("10"), patience: 300 };
    const provider = await openProvider(d, { settings });
    const { running, offer } = provider;
    try {
      const signed = await Promise.all(
        users.map(async (user, i) => {
          const mine = Array.from({ length: JOBS }, (_, job) => job).filter((job) => job % USERS === i);
          const tickets = await Promise.all(
            // A request is used once: each has a second of its own.
            mine.map(async (_, place) =>
              submitJob(running.url, offer, user.address, user, PROGRAM, (await now()) + BigInt(place)),
            ),
          );
          return payAll(tickets, user, offer);
        }),
      );
      await running.close();
      const total = signed.reduce((sum, amount) => sum + amount, 0n);
      for (const [i, user] of users.entries()) {
        const { claimed, balance } = await d.compute.getChannel(1n, user);
        expect(claimed, `user ${i}`).to.equal(signed[i]);
        expect(claimed + balance).to.equal(DEPOSIT);
      }
      expect(await d.nmr.balanceOf(d.payout)).to.equal(total);
    } finally {
      await provider.remove();
    }
  });
});

/** Signs for a user's jobs until all have ended and nothing is open; gives what was signed for in all. */
async function payAll(
  tickets: readonly JobTicket[],
  user: Pick<Wallet, "address" | "signTypedData">,
  offer: Offer,
): Promise<bigint> {
  const [first] = tickets;
  if (first === undefined) return 0n;
  const lines: UsageLine[] = [];
  const payer = { user: user.address, signer: user, jobs: tickets, cap: DEPOSIT, cores: 1, memoryBytes: 2 ** 27 };
  for (;;) {
    const ended = (await Promise.all(tickets.map(readJob))).every(({ state }) => {
      expect(state).to.not.be.oneOf(["failed", "stopped"]);
      return state === "done";
    });
    await payDemand(first, offer, payer, lines, await now());
    if (ended) return (await readJob(first)).signed;
    await sleep(300);
  }
}
