import type { ContractTransactionResponse } from "ethers";

/** Gas of a whole transaction. */
export async function gasOf(transaction: ContractTransactionResponse): Promise<number> {
  const receipt = await transaction.wait();
  if (receipt === null) throw new Error(`transaction ${transaction.hash} has no receipt`);
  return Number(receipt.gasUsed);
}
