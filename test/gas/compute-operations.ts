import { AbiCoder, Wallet, parseEther } from "ethers";

import { computeChannel, DAY, now, redeem, signed, type ComputeChannel } from "../fixtures/compute-channel.js";
import { ethers, networkHelpers } from "../fixtures/deployed.js";
import { gasOf } from "./gas-of.js";
import type { Operation } from "./operations.js";

const BATCH = 50;

/** Measures deposits of a user who has a channel, and vouchers in channels that paid before. */
export async function measureCompute(): Promise<Operation[]> {
  const d = await networkHelpers.loadFixture(computeChannel);
  await redeem(d, { cumulative: parseEther("1") });
  const data = AbiCoder.defaultAbiCoder().encode(["uint256"], [d.providerId]);
  const byTransfer = await d.nmr.connect(d.user)["transferAndCall(address,uint256,bytes)"](d.compute, 12345n, data);
  const redeemed = await redeem(d, { cumulative: parseEther("2.3456789") });
  await d.compute.connect(d.user).authorizeSigner(1n, d.key, parseEther("50"), (await now()) + DAY);
  const bySessionKey = await redeem(d, { cumulative: parseEther("3.3456789"), signer: d.key });
  await d.compute.connect(d.user).reserve(1n, parseEther("50"), (await now()) + DAY);
  const reserved = await redeem(d, { cumulative: parseEther("4.3456789"), signer: d.key });
  return [
    { name: "deposit for compute by transferAndCall", gas: await gasOf(byTransfer), budget: 80_000 },
    { name: "redeem a voucher", gas: await gasOf(redeemed), budget: 75_000 },
    { name: "redeem a voucher of a session key", gas: await gasOf(bySessionKey), budget: 75_000 },
    { name: "redeem a voucher out of a reservation", gas: await gasOf(reserved), budget: 75_000 },
    await measureBatch(d),
  ];
}

async function measureBatch(d: ComputeChannel): Promise<Operation> {
  const users = Array.from({ length: BATCH }, () => Wallet.createRandom());
  const data = AbiCoder.defaultAbiCoder().encode(["uint256"], [d.providerId]);
  for (const user of users) {
    await d.nmr.connect(d.minter).mint(user, parseEther("10"));
    await networkHelpers.impersonateAccount(user.address);
    await networkHelpers.setBalance(user.address, parseEther("1"));
    const nmr = d.nmr.connect(await ethers.getSigner(user.address));
    await nmr["transferAndCall(address,uint256,bytes)"](d.compute, parseEther("10"), data);
  }
  const batchOf = async (cumulative: bigint) => {
    const batch = await Promise.all(
      users.map(async (user) => signed(d, { user: user.address, signer: user, cumulative })),
    );
    return d.compute.connect(d.provider).redeemMany(
      batch.map(({ voucher }) => voucher),
      batch.map(({ signature }) => signature),
    );
  };
  // Each channel paid before.
  await batchOf(parseEther("1"));
  const batch = await batchOf(parseEther("2.3456789"));
  return { name: "redeem vouchers, one of 50", gas: Math.ceil((await gasOf(batch)) / BATCH), budget: 45_000 };
}
