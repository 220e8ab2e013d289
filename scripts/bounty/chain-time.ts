import type { Context } from "../chain/context.js";

/** Unix seconds of the newest block. */
export async function chainTime({ provider }: Context): Promise<number> {
  return (await provider.getBlock("latest"))?.timestamp ?? 0;
}
