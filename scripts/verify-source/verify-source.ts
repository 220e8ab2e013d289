import { setTimeout as sleep } from "node:timers/promises";

import { verifyContract } from "@nomicfoundation/hardhat-verify/verify";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { Log } from "../terminal/log.js";
import type { DeployedSource } from "./read-sources.js";

export const SERVICES = ["etherscan", "sourcify", "blockscout"] as const;

/** A public place that shows the source of contracts. */
export type Service = (typeof SERVICES)[number];

/** What became of one contract at one service. */
export interface Verification {
  contract: string;
  address: string;
  service: Service;
  verified: boolean;
  /** What the service said against it; absent for what is verified. */
  reason?: string;
}

export interface VerifySettings {
  services: readonly Service[];
  log: Log;
  /** Milliseconds to wait where a service asks for fewer requests, doubled each time; 2 seconds when left out. */
  pause?: number | undefined;
}

const LIMITED = /rate limit|too many requests|\b429\b/i;
const ALREADY_VERIFIED = /already.{0,20}verified/i;
const ATTEMPTS = 5;
const PAUSE = 2_000;

/**
 * Has explorers compile each contract and compare it with the chain, by Hardhat's plugin; one after another, for
 * explorers count requests. What one refuses does not keep the others from being asked.
 * @param hre Hardhat, connected to the network of the contracts.
 */
export async function verifySource(
  hre: HardhatRuntimeEnvironment,
  sources: readonly DeployedSource[],
  { services, log, pause = PAUSE }: VerifySettings,
): Promise<Verification[]> {
  const results: Verification[] = [];
  for (const service of services) {
    for (const source of sources) {
      const { name: contract, address } = source;
      const reason = await withoutKeys(hre, await refusal(hre, source, service, pause));
      log.info(
        `${service}: ${contract} at ${address} ${reason === undefined ? "is verified" : `is not verified: ${reason}`}`,
      );
      results.push({
        contract,
        address,
        service,
        verified: reason === undefined,
        ...(reason === undefined ? {} : { reason }),
      });
    }
  }
  return results;
}

/** What a service has against a contract; undefined where it is verified. */
async function refusal(
  hre: HardhatRuntimeEnvironment,
  { address, contract, constructorArgs, creationTxHash }: DeployedSource,
  service: Service,
  pause: number,
): Promise<string | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const forSourcify = service === "sourcify" ? { creationTxHash } : {};
      await quietly(() =>
        verifyContract({ address, contract, constructorArgs, provider: service, ...forSourcify }, hre),
      );
      return undefined;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (ALREADY_VERIFIED.test(message)) return undefined;
      if (!LIMITED.test(message) || attempt === ATTEMPTS) return message;
      await sleep(pause * 2 ** (attempt - 1));
    }
  }
}

/** The plugin prints to standard output, which is for results alone. */
async function quietly(run: () => Promise<unknown>): Promise<void> {
  const { log } = console;
  console.log = () => undefined;
  try {
    await run();
  } finally {
    console.log = log;
  }
}

/** A service may repeat the request, with the key in it. */
async function withoutKeys(hre: HardhatRuntimeEnvironment, text: string | undefined): Promise<string | undefined> {
  const key = await hre.config.verify.etherscan.apiKey.get().catch(() => "");
  return key === "" ? text : text?.replaceAll(key, "<key>");
}
