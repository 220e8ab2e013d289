import path from "node:path";

import { VoidSigner } from "ethers";

import { connectSuite, type Suite } from "../../sdk/contracts.js";
import { toNumeraireError } from "../../sdk/decode-error.js";
import { stateFolder } from "../chain/account-journal.js";
import { DEVELOPMENT_CHAIN_ID } from "../chain/context.js";
import { readDeployment, type Deployment } from "../chain/deployments.js";
import { endpointsOf } from "../chain/endpoints.js";
import { networkNamed, networks, type Network } from "../chain/networks.js";
import { RpcProvider } from "../chain/rpc-provider.js";
import { openSigner, type SignerChoice, type SignerSurroundings } from "../chain/signers/open-signer.js";
import { silentLog, type Log } from "../terminal/log.js";
import { checkAccount } from "./doctor/check-account.js";
import { checkDeployment } from "./doctor/check-deployment.js";
import { checkDiskSpace, checkLocks, checkNodeVersion, checkWritable } from "./doctor/check-machine.js";
import { checkEndpoint, checkNode } from "./doctor/check-node.js";
import { attempt, broken, ok, skipped, warning, type Finding } from "./doctor/finding.js";
import { checkSettings } from "./doctor/settings.js";

export interface DoctorOptions {
  network: string;
  /** Where the account to send from comes from. */
  signer: SignerChoice;
  /** Working folder, which holds deployments/ and rounds/; the current one when left out. */
  folder?: string | undefined;
  /** Milliseconds an endpoint may take to answer; 5 seconds when left out. */
  timeout?: number | undefined;
  log?: Log | undefined;
}

/** Everything that was checked, in the order in which things depend on each other. */
export interface DoctorReport {
  /** Whether nothing is broken. */
  ok: boolean;
  findings: Finding[];
}

const TIMEOUT = 5_000;

/**
 * Checks all that the oracle's commands need, from the machine to the account, and says what to mend; sends nothing.
 * Whatever is broken is a finding, so that all of it is told at once.
 * @throws {NumeraireError} when there is no such network.
 */
export async function doctor(
  { network, signer: choice, folder = ".", timeout = TIMEOUT, log = silentLog }: DoctorOptions,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<DoctorReport> {
  const known = networkNamed(network);
  const findings = await checkMachine(folder, environment);
  const records = path.join(folder, "deployments");
  const deployment = await readRecords(network, records, findings);
  const chainId = deployment?.chainId ?? BigInt(known.chainId);
  const urls = readEndpoints(environment, network, findings);
  const reached = await Promise.all(urls.map((url) => checkEndpoint(url, chainId, timeout)));
  findings.push(...reached);
  const healthy = urls.filter((_, i) => reached[i]?.health === "ok");

  const provider = new RpcProvider(healthy.length > 0 ? healthy : [networks.localhost.url], chainId, {
    timeout,
    rounds: 1,
  });
  try {
    let suite: Suite | undefined;
    if (deployment !== undefined && healthy.length > 0) {
      suite = await checkChain(provider, deployment, { network, records, known }, findings);
    } else {
      findings.push(skipped("node and contracts", "needs the records and an endpoint"));
    }
    const surroundings = { provider, chainId, environment, log };
    await checkSigner(choice, surroundings, { suite, reachable: healthy.length > 0 }, findings);
  } finally {
    provider.destroy();
  }
  return { ok: !findings.some(({ health }) => health === "broken"), findings };
}

async function checkMachine(folder: string, environment: NodeJS.ProcessEnv): Promise<Finding[]> {
  const state = stateFolder(environment);
  return [
    checkNodeVersion(process.versions.node),
    checkSettings(environment),
    await checkWritable(
      "rounds folder",
      path.join(folder, "rounds"),
      "Run the command in a folder of your own, or change the owner of rounds/: plans are written there.",
    ),
    await checkWritable(
      "journal folder",
      state,
      "Change the folder's owner, or set NUMERAIRE_STATE_DIR to one that can be written to: what is sent is written down there first.",
    ),
    await attempt("disk space", () => checkDiskSpace(state)),
    await attempt("locks", () => checkLocks(state)),
  ];
}

async function readRecords(network: string, records: string, findings: Finding[]): Promise<Deployment | undefined> {
  try {
    const deployment = await readDeployment(network, records);
    findings.push(ok("records", `${path.join(records, network)}: complete`));
    return deployment;
  } catch (error) {
    findings.push(asFinding("records", error));
    return undefined;
  }
}

/** Endpoints to use; none where the setting is no list of URLs. */
function readEndpoints(environment: NodeJS.ProcessEnv, network: string, findings: Finding[]): string[] {
  try {
    return endpointsOf(network, environment);
  } catch (error) {
    findings.push(asFinding("RPC", error));
    return [];
  }
}

/** @returns The contracts, where they can be worked with. */
async function checkChain(
  provider: RpcProvider,
  { chainId, addresses, fromBlock }: Deployment,
  at: { network: string; records: string; known: Network },
  findings: Finding[],
): Promise<Suite | undefined> {
  const { confirmations } = at.known;
  try {
    findings.push(...(await checkNode(provider, { chainId, address: addresses.tournament, fromBlock, confirmations })));
  } catch (error) {
    findings.push(asFinding("node", error));
    return undefined;
  }
  const suite = connectSuite(addresses, provider);
  const folder = path.join(at.records, at.network);
  const found = await checkDeployment(provider, suite, { network: at.network, folder, addresses });
  findings.push(...found);
  return found.some(({ health }) => health === "broken") ? undefined : suite;
}

async function checkSigner(
  choice: SignerChoice,
  surroundings: SignerSurroundings,
  { suite, reachable }: { suite: Suite | undefined; reachable: boolean },
  findings: Finding[],
): Promise<void> {
  try {
    const signer = await openSigner({ ...choice, unsigned: isAddressAlone(choice, surroundings) }, surroundings);
    if (signer === undefined) {
      const fix =
        "Give the key in NUMERAIRE_PRIVATE_KEY, --keystore or --hardhat-keystore. Without one, only commands that send nothing work.";
      findings.push(warning("signer", "found none", fix), skipped("account", "needs a signer"));
      return;
    }
    const keyless = signer instanceof VoidSigner ? "an address without a key, for --unsigned and --safe" : "unlocked";
    findings.push(ok("signer", `${await signer.getAddress()}: ${keyless}`));
    if (suite === undefined) findings.push(skipped("account", "needs the contracts"));
    else findings.push(...(await checkAccount(surroundings.provider, suite, signer)));
  } catch (error) {
    findings.push(reachable ? asFinding("signer", error) : skipped("signer", "needs an endpoint"));
  }
}

/** Whether the account is one that others sign for, such as a Safe. */
function isAddressAlone(
  { account, keystore, hardhatKeystore = false }: SignerChoice,
  { chainId, environment }: SignerSurroundings,
): boolean {
  const key = environment["NUMERAIRE_PRIVATE_KEY"] ?? "";
  const keyed = key !== "" || keystore !== undefined || hardhatKeystore;
  return account !== undefined && !keyed && chainId !== DEVELOPMENT_CHAIN_ID;
}

function asFinding(check: string, error: unknown): Finding {
  const { message, hint } = toNumeraireError(error);
  return broken(check, message, hint);
}
