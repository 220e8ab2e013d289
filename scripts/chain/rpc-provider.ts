import { setTimeout as sleep } from "node:timers/promises";

import { JsonRpcProvider, Network, type JsonRpcPayload, type JsonRpcResult } from "ethers";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import { silentLog, type Log } from "../terminal/log.js";
import { endpointName, withoutSecrets } from "./endpoints.js";
import {
  behind,
  blocksIn,
  chainIn,
  judgeAnswer,
  type Failure,
  type Outcome,
  type RpcResponse,
} from "./judge-answer.js";
import { post } from "./post.js";
import { RpcFailure } from "./rpc-failure.js";

export interface RpcOptions {
  /** Milliseconds a request may take; 30 seconds when left out. */
  timeout?: number | undefined;
  /** How often all endpoints are asked before giving up; 9 times, within about half a minute, when left out. */
  rounds?: number | undefined;
  log?: Log | undefined;
}

interface Endpoint {
  url: string;
  name: string;
  /** Whether it is known to be on the right chain. */
  checked: boolean;
  /** Whether the log says that it fails. */
  reported: boolean;
}

const TIMEOUT = 30_000;
const ROUNDS = 9;
/** Rounds for endpoints of which none ever answered: the address may be wrong. */
const FIRST_ROUNDS = 2;
/** First pause between rounds in milliseconds; each is twice the one before. */
const PAUSE = 100;
const LONGEST_PAUSE = 10_000;
/** Calls that do something more when they are repeated; a raw transaction does not. */
const NOT_REPEATABLE = /^(eth_sendTransaction$|personal_|evm_|hardhat_|anvil_)/;
/** Failures of which it is certain that no node was reached. */
const NEVER_REACHED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/**
 * A provider over several endpoints of one chain. A request that fails goes to the next endpoint, and after a pause to
 * all of them again; an endpoint of another chain is refused, and one whose newest block is older than one that was seen
 * before is passed over. Calls that must not be repeated are only where no node was reached.
 */
export class RpcProvider extends JsonRpcProvider {
  readonly #endpoints: Endpoint[];
  readonly #chainId: bigint;
  readonly #timeout: number;
  readonly #rounds: number;
  readonly #log: Log;
  readonly #ended = new AbortController();
  #current = 0;
  #answered = false;
  /** Number of the newest block seen. */
  #newest = 0;

  /**
   * @param urls Endpoints in order of preference, at least one.
   * @param chainId Chain that all of them must be on.
   */
  constructor(urls: readonly string[], chainId: bigint, { timeout, rounds, log }: RpcOptions = {}) {
    super(urls[0], chainId, {
      // Without it, a node that does not answer is asked for its chain id for ever.
      staticNetwork: Network.from(chainId),
      // A cached answer could be older than what was just mined.
      cacheTimeout: -1,
      // Calls of one moment still share a request.
      batchStallTime: 0,
    });
    this.#endpoints = urls.map((url) => ({ url, name: endpointName(url), checked: false, reported: false }));
    this.#chainId = chainId;
    this.#timeout = timeout ?? TIMEOUT;
    this.#rounds = rounds ?? ROUNDS;
    this.#log = log ?? silentLog;
  }

  /**
   * Asks every endpoint for its chain; those that do not answer or refuse to are named in the log, and asked again before
   * they are used.
   * @throws {NumeraireError} when one is on another chain, or none answers.
   */
  async checkEndpoints(): Promise<void> {
    const failures = await Promise.all(this.#endpoints.map((endpoint) => this.#checkChain(endpoint)));
    const failed = failures.filter((failure) => failure !== undefined);
    const wrong = failed.filter(({ wrongChain }) => wrongChain);
    if (wrong.length > 0) throw this.#giveUp(wrong);
    if (failed.length === failures.length) {
      await this.getBlockNumber();
      return;
    }
    for (const [i, endpoint] of this.#endpoints.entries()) {
      const failure = failures[i];
      if (failure === undefined) continue;
      endpoint.reported = true;
      this.#log.warn(`RPC ${failure.reason}; going on without it`);
    }
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    const calls = Array.isArray(payload) ? payload : [payload];
    const repeatable = !calls.some(({ method }) => NOT_REPEATABLE.test(method));
    let failures: Failure[] = [];
    for (let round = 0; round < (this.#answered ? this.#rounds : FIRST_ROUNDS); round += 1) {
      if (round > 0) await this.#pause(round, failures);
      failures = [];
      const first = this.#current;
      for (let i = 0; i < this.#endpoints.length; i += 1) {
        const outcome = await this.#ask((first + i) % this.#endpoints.length, calls);
        // ethers declares results alone, and handles errors among them.
        if ("responses" in outcome) return outcome.responses as JsonRpcResult[];
        failures.push(outcome);
        if (outcome.carriedOut && !repeatable) throw this.#giveUp(failures);
      }
      if (failures.every(({ lasting }) => lasting)) break;
    }
    throw this.#giveUp(failures);
  }

  override destroy(): void {
    this.#ended.abort();
    super.destroy();
  }

  async #ask(index: number, calls: readonly JsonRpcPayload[]): Promise<Outcome> {
    const endpoint = this.#endpoints[index];
    if (endpoint === undefined) throw new Error("no endpoint");
    const unfit = (await this.#checkChain(endpoint)) ?? (await this.#checkHead(index, endpoint));
    const outcome = unfit ?? this.#judgeHead(endpoint, calls, await this.#exchange(endpoint, calls));
    if ("responses" in outcome) {
      this.#answered = true;
      this.#current = index;
      endpoint.reported = false;
    } else if (!endpoint.reported) {
      endpoint.reported = true;
      this.#log.warn(`RPC ${outcome.reason}; trying again`);
    }
    return outcome;
  }

  /** Undefined for an endpoint on the right chain. */
  async #checkChain(endpoint: Endpoint): Promise<Failure | undefined> {
    if (endpoint.checked) return undefined;
    const outcome = await this.#exchange(endpoint, [question("eth_chainId")]);
    if (!("responses" in outcome)) return { ...outcome, carriedOut: false };
    const chain = chainIn(outcome.responses);
    if (typeof chain === "string") {
      return { reason: `${endpoint.name}: ${chain}`, carriedOut: false, lasting: false };
    }
    endpoint.checked = chain === this.#chainId;
    if (endpoint.checked) return undefined;
    const reason = `${endpoint.name}: chain ${chain.toString()}`;
    return { reason, carriedOut: false, lasting: true, wrongChain: true };
  }

  /** Undefined for the endpoint in use, and for another that is not behind it. */
  async #checkHead(index: number, endpoint: Endpoint): Promise<Failure | undefined> {
    if (index === this.#current || this.#newest === 0) return undefined;
    const calls = [question("eth_blockNumber")];
    const outcome = this.#judgeHead(endpoint, calls, await this.#exchange(endpoint, calls));
    return "responses" in outcome ? undefined : { ...outcome, carriedOut: false };
  }

  async #exchange({ url, name }: Endpoint, calls: readonly JsonRpcPayload[]): Promise<Outcome> {
    const body = JSON.stringify(calls.length === 1 ? calls[0] : calls);
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(this.#timeout), this.#ended.signal]);
      const outcome = judgeAnswer(calls, await post(url, body, signal));
      if (!("responses" in outcome)) return { ...outcome, reason: `${name}: ${withoutSecrets(outcome.reason, url)}` };
      return { responses: outcome.responses.map((response) => withoutKey(response, url)) };
    } catch (error) {
      if (this.#ended.signal.aborted) throw error;
      const { code = "", message } = error as NodeJS.ErrnoException;
      const what = code === "ABORT_ERR" ? `no answer within ${this.#timeout / 1000} seconds` : `no answer (${message})`;
      return { reason: `${name}: ${what}`, carriedOut: !NEVER_REACHED.has(code), lasting: false };
    }
  }

  /** Refuses an older newest block than was seen before. */
  #judgeHead({ name }: Endpoint, calls: readonly JsonRpcPayload[], outcome: Outcome): Outcome {
    if (!("responses" in outcome)) return outcome;
    const { head, mentioned } = blocksIn(calls, outcome.responses);
    if (head !== undefined && head < this.#newest) {
      return behind(`${name}: block ${head} after block ${this.#newest} was seen`);
    }
    this.#newest = Math.max(this.#newest, mentioned);
    return outcome;
  }

  async #pause(round: number, failures: readonly Failure[]): Promise<void> {
    const asked = Math.max(0, ...failures.map(({ retryAfter = 0 }) => retryAfter * 1000));
    const full = Math.max(asked, PAUSE * 2 ** (round - 1));
    // Some jitter, so that programs stopped by one fault do not all come back in one moment.
    await sleep(Math.min(full, LONGEST_PAUSE) * (0.75 + Math.random() / 4), undefined, { signal: this.#ended.signal });
  }

  #giveUp(failures: readonly Failure[]): NumeraireError {
    const found = failures.map(({ reason }) => reason).join("; ");
    if (failures.some((failure) => failure.behind)) {
      // Having said so once, believe them: the chain may have lost blocks for good.
      this.#newest = 0;
      return new RpcFailure(`RPC: found ${found}, expected a node that is in sync`, {
        hint: "Wait until the node has caught up, or put one that is in sync first in NUMERAIRE_RPC_URL.",
        exitCode: 2,
      });
    }
    if (failures.some((failure) => failure.wrongChain)) {
      return new NumeraireError(`RPC: found ${found}, expected chain ${this.#chainId.toString()}`, {
        hint: "NUMERAIRE_RPC_URL points to another chain than the deployment was made on.",
      });
    }
    return new RpcFailure(`RPC: found ${found}, expected an answer`, {
      hint: "Check that the node runs and that NUMERAIRE_RPC_URL or the network's address is right, then run the command again.",
    });
  }
}

/** A node's error as it can be shown. */
function withoutKey(response: RpcResponse, url: string): RpcResponse {
  if (!("error" in response)) return response;
  const { error } = response;
  return { ...response, error: { ...error, message: withoutSecrets(error.message ?? "", url) } };
}

function question(method: string): JsonRpcPayload {
  return { id: 0, jsonrpc: "2.0", method, params: [] };
}
