import type { Block } from "ethers";

import { endpointName, withoutSecrets } from "../../chain/endpoints.js";
import { finalizedBlock } from "../../chain/finalized-block.js";
import { chainIn, judgeAnswer } from "../../chain/judge-answer.js";
import { post } from "../../chain/post.js";
import type { RpcProvider } from "../../chain/rpc-provider.js";
import { DEVELOPMENT_CHAIN_ID } from "../../chain/context.js";
import { attempt, broken, ok, skipped, warning, type Finding } from "./finding.js";

/** Seconds after which a newest block is late, and after which it is of no use. */
const LATE = 120;
const STALE = 900;
/** Seconds that a block may seem to be from the future: clocks and networks are not exact. */
const AHEAD = 30;
/** Blocks asked for at once: what public nodes commonly allow, and what they allow at least. */
const PAGES = [10_000, 1_000, 100];

/**
 * Asks one endpoint for its chain.
 * @param expected Chain of the deployment.
 * @param timeout Milliseconds.
 */
export async function checkEndpoint(url: string, expected: bigint, timeout: number): Promise<Finding> {
  const name = endpointName(url);
  const check = `RPC ${name}`;
  const unreachable = `Start the node, or mend the URL: NUMERAIRE_RPC_URL, or the network's in scripts/chain/networks.ts.`;
  const refused = "Check the URL, and the key or plan that the provider of the node wants.";
  const question = { id: 1, jsonrpc: "2.0" as const, method: "eth_chainId", params: [] };
  let outcome: ReturnType<typeof judgeAnswer>;
  try {
    outcome = judgeAnswer([question], await post(url, JSON.stringify(question), AbortSignal.timeout(timeout)));
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    const found =
      code === "ABORT_ERR" ? `no answer within ${timeout / 1000} seconds` : `no answer (${code || message})`;
    return broken(check, `found ${found}`, unreachable);
  }
  if (!("responses" in outcome)) {
    return broken(check, `found ${withoutSecrets(outcome.reason, url)}, expected a JSON-RPC answer`, refused);
  }
  const chain = chainIn(outcome.responses);
  if (typeof chain === "string") {
    return broken(check, `found ${withoutSecrets(chain, url)}, expected a chain id`, refused);
  }
  if (chain === expected) return ok(check, `answers, on chain ${chain.toString()}`);
  return broken(
    check,
    `found chain ${chain.toString()}, expected ${expected.toString()}, that of the deployment`,
    "Point NUMERAIRE_RPC_URL to a node of the deployment's chain, or choose the other network with --network.",
  );
}

/** What the node knows and can do; each finding is of its own. */
export async function checkNode(
  provider: RpcProvider,
  {
    chainId,
    address,
    fromBlock,
    confirmations,
  }: { chainId: bigint; address: string; fromBlock: number; confirmations: number },
): Promise<Finding[]> {
  const latest = await provider.getBlock("latest");
  return Promise.all([
    attempt("sync", () => checkSync(provider)),
    attempt("clock", () => Promise.resolve(judgeClock(latest, chainId, Date.now() / 1000))),
    attempt("finalized block", () => checkFinalized(provider, chainId, confirmations)),
    attempt("logs", () => checkLogs(provider, address, { from: fromBlock, to: latest?.number ?? fromBlock })),
  ]);
}

async function checkSync(provider: RpcProvider): Promise<Finding> {
  let state: unknown;
  try {
    state = await provider.send("eth_syncing", []);
  } catch {
    return skipped("sync", "the node does not say whether it is in sync");
  }
  if (typeof state !== "object" || state === null) return ok("sync", "in sync, as the node says");
  const { currentBlock, highestBlock } = state as Record<string, unknown>;
  return broken(
    "sync",
    `found the node at block ${Number(currentBlock)} of ${Number(highestBlock)}, expected it in sync`,
    "Wait until the node has caught up, or use another one.",
  );
}

/**
 * Compares the newest block with the clock.
 * @param now Unix seconds.
 */
export function judgeClock(latest: Pick<Block, "number" | "timestamp"> | null, chainId: bigint, now: number): Finding {
  if (latest === null) return broken("clock", "found no newest block", "Use a node that is in sync.");
  const age = Math.floor(now) - latest.timestamp;
  if (chainId === DEVELOPMENT_CHAIN_ID) {
    return ok("clock", `block ${latest.number}; a development chain, whose time is its own`);
  }
  if (age < -AHEAD) {
    return broken(
      "clock",
      `found block ${latest.number} ${-age} seconds in the future`,
      "Set this machine's clock, and let it be kept (timedatectl set-ntp true); if it is right, do not trust the node.",
    );
  }
  const found = `block ${latest.number} is ${age} seconds old`;
  if (age <= LATE) return ok("clock", found);
  const fix =
    "Check that the node follows the chain (another one or an explorer tells), and that this machine's clock is right.";
  return age <= STALE
    ? warning("clock", `found that ${found}`, fix)
    : broken("clock", `found that ${found}, expected at most ${STALE}`, fix);
}

async function checkFinalized(provider: RpcProvider, chainId: bigint, confirmations: number): Promise<Finding> {
  const check = "finalized block";
  if (chainId === DEVELOPMENT_CHAIN_ID) return ok(check, "not needed: blocks of a development chain are final");
  const block = await finalizedBlock(provider);
  if (block !== undefined) return ok(check, `block ${block.number}`);
  const found = `found none, so what is ${confirmations} blocks deep counts as final`;
  const fix =
    "Use a node that knows the finalized block; on a chain that has none, raise confirmations in scripts/chain/networks.ts.";
  return confirmations === 0 ? broken(check, found, fix) : warning(check, found, fix);
}

async function checkLogs(
  provider: RpcProvider,
  address: string,
  { from, to }: { from: number; to: number },
): Promise<Finding> {
  let refusal: unknown;
  for (const page of PAGES) {
    const toBlock = Math.min(to, from + page - 1);
    try {
      await provider.getLogs({ address, fromBlock: from, toBlock });
      if (page === PAGES[0] || toBlock === to) return ok("logs", `since block ${from}, ${page} blocks a request`);
      return warning(
        "logs",
        `found at most ${page} blocks a request, expected ${String(PAGES[0])}`,
        "It works, slowly: verify and status read all events since the deployment. A node of your own has no such limit.",
      );
    } catch (error) {
      refusal = error;
    }
  }
  const reason = refusal instanceof Error ? refusal.message.slice(0, 120) : String(refusal);
  return broken(
    "logs",
    `found no logs since block ${from} (${reason})`,
    "Use a node that keeps events since the deployment: plan, verify and score read them.",
  );
}
