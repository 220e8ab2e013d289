import { Wallet, id } from "ethers";

import type { DemoChain } from "./chain.js";

/**
 * Gives somebody of the demo an account with ether for gas and with NMR.
 * @param name The same name has the same account.
 * @param amount NMR, in wei.
 */
export async function openAccount(chain: DemoChain, name: string, amount: bigint): Promise<Wallet> {
  const { provider, suite } = chain.context;
  // A key anybody can know: right for a demo, and for nothing else.
  const account = new Wallet(id(`numeraire demo: ${name}`), provider);
  await chain.giveEther(account.address);
  if (amount > 0n) {
    const minter = await chain.signer("minter");
    await (await suite.nmr.connect(minter).mint(account.address, amount)).wait();
  }
  return account;
}
