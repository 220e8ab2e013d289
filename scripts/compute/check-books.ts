import { NumeraireError } from "../../sdk/numeraire-error.js";
import { formatNmr } from "../../sdk/units.js";
import type { SigningContext } from "../chain/context.js";
import { pageLogs } from "../chain/page-logs.js";
import type { Books } from "./books.js";

/**
 * Makes sure that the books know all that the chain paid the provider for: with older ones, or none, users would be
 * given for nothing what they have paid for before, and their next vouchers would be worth nothing.
 * @throws {NumeraireError} with exit code 2 for books that are behind the chain.
 */
export async function checkBooks(context: SigningContext, books: Books, providerId: bigint): Promise<void> {
  const { compute } = context.suite;
  const filter = compute.filters.VoucherRedeemed(providerId);
  const range = { from: context.fromBlock, to: await context.provider.getBlockNumber() };
  const paid = await pageLogs((from, to) => compute.queryFilter(filter, from, to), range);
  const claimed = new Map(paid.map(({ args }) => [args.user, args.claimed]));
  for (const [user, amount] of claimed) {
    const owed = books.owedBy(user);
    if (amount <= owed) continue;
    throw new NumeraireError(
      `books: found ${formatNmr(owed)} NMR metered for ${user}, expected the ${formatNmr(amount)} NMR that it paid on chain, or more`,
      {
        hint: "Start the provider with its newest books: these are lost in part, or those of another folder. Where they are gone, register a provider of another account.",
        exitCode: 2,
      },
    );
  }
}
