import { readFile } from "node:fs/promises";
import path from "node:path";

import { AbiCoder, type Wallet } from "ethers";

import { formatNmr, NumeraireError, parseNmr } from "../../sdk/index.js";
import type { SigningContext } from "../chain/context.js";
import { auditJob } from "../compute/audit-job.js";
import { UNITS } from "../compute/prices.js";
import { fetchResults, runJob, type RunResult } from "../compute/run-job.js";
import { ticketNamed } from "../compute/tickets.js";
import type { DemoChain } from "./chain.js";
import { loadMarket } from "./market.js";
import { openAccount } from "./open-account.js";
import { PENDULUM } from "./scientists.js";
import { startProvider } from "./start-provider.js";
import type { Story } from "./story.js";
import { trainingProgram } from "./training-program.js";

/** NMR that the data scientist deposits, and most that it signs for. */
const DEPOSIT = "10";
const CAP = "5";
const PRICES = { cpuSecond: "0.5", gibSecond: "0.05" } as const;
/** NMR that the provider does on credit. */
const INTERVAL = "2";
/** How long withdrawals take, in seconds. */
const DELAY = 86_400;

/** A model that a provider trained, and what it was paid for it. */
export interface BoughtTraining {
  providerId: bigint;
  /** Who bought it. */
  buyer: Wallet;
  weights: number[];
  job: RunResult;
  /** What the buyer's own audit says is due, in wei. */
  due: bigint;
  deposited: bigint;
  /** What the provider's account gained, in wei. */
  paid: bigint;
}

/**
 * Has Pendulum's regression trained by a provider in a process of its own, by the functions behind `npm run compute`: the
 * provider registers, Pendulum deposits, submits, signs for what it checked and fetches the weights, and the provider
 * redeems and goes.
 * @param folder Existing folder for the files of both.
 * @param play What tells this provider from those of earlier plays on the same chain.
 */
export async function buyTraining(
  chain: DemoChain,
  folder: string,
  play: string,
  story: Story,
): Promise<BoughtTraining> {
  const { nmr } = chain.context.suite;
  const owner = await openAccount(chain, `Provider ${play}`, 0n);
  const buyer = await openAccount(chain, "Pendulum", parseNmr(DEPOSIT));
  const providerId = await register(chain, owner);
  story.tell(
    "A provider",
    "registers, puts its prices on the list and starts to listen",
    `${PRICES.cpuSecond} NMR a processor-second, ${PRICES.gibSecond} NMR a GiB-second`,
  );
  await deposit(chain, buyer, providerId);
  story.tell("Pendulum", "deposits with it in one transaction", `${DEPOSIT} NMR`);

  const before = await nmr.balanceOf(owner.address);
  const provider = await startProvider(chain, {
    key: owner.privateKey,
    folder: path.join(folder, "provider"),
    interval: INTERVAL,
  });
  let trained;
  try {
    trained = await train({ ...chain.context, signer: buyer, stateFolder: path.join(folder, "client") }, provider.url);
  } finally {
    await provider.stop();
  }
  const { job, weights, due } = trained;
  story.tell("Pendulum", "has its regression trained", `${weights.length} weights for ${formatNmr(job.cost)} NMR`);
  story.tell("Pendulum", "adds the usage log again", `${formatNmr(due)} NMR due, nothing over-charged`);
  const paid = (await nmr.balanceOf(owner.address)) - before;
  story.tell("The provider", "redeems the newest voucher and closes", `it was paid ${formatNmr(paid)} NMR`);
  return { providerId, buyer, weights, job, due, deposited: parseNmr(DEPOSIT), paid };
}

async function register(chain: DemoChain, owner: Wallet): Promise<bigint> {
  const compute = chain.context.suite.compute.connect(owner);
  await (await compute.registerProvider("http://127.0.0.1", owner.address, DELAY)).wait();
  const providerId = await compute.providerOf(owner.address);
  for (const unit of ["cpuSecond", "gibSecond"] as const) {
    await (await compute.setPrice(providerId, UNITS[unit], parseNmr(PRICES[unit]))).wait();
  }
  return providerId;
}

async function deposit({ context }: DemoChain, buyer: Wallet, providerId: bigint): Promise<void> {
  const { nmr, compute } = context.suite;
  const data = AbiCoder.defaultAbiCoder().encode(["uint256"], [providerId]);
  const send = nmr.connect(buyer)["transferAndCall(address,uint256,bytes)"];
  await (await send(await compute.getAddress(), parseNmr(DEPOSIT), data)).wait();
}

/** Runs the job to its end, audits it, and reads what it left. */
async function train(
  context: SigningContext,
  url: string,
): Promise<{ job: RunResult; weights: number[]; due: bigint }> {
  const rows = loadMarket().rows.filter((row) => row.dataType === "train");
  const job = await runJob(context, {
    url,
    user: await context.signer.getAddress(),
    program: await trainingProgram(PENDULUM.features, rows),
    cap: parseNmr(CAP),
    cores: 1,
    memoryBytes: 512 * 2 ** 20,
    output: (text) => {
      context.log.info(text.toString().trimEnd());
    },
  });
  if (job.state !== "done") {
    throw new NumeraireError(`training: found the job ${job.state} (${job.reason}), expected done`, {
      hint: "What it printed is above.",
    });
  }
  const ticket = await ticketNamed(context, job.job);
  const { due, problems } = await auditJob(context, ticket);
  if (problems.length > 0) throw new Error(`the usage log does not add up: ${problems.join("; ")}`);
  const results = path.join(context.stateFolder ?? ".", "results");
  await fetchResults(ticket, results);
  const weights = JSON.parse(await readFile(path.join(results, "model.json"), "utf8")) as number[];
  return { job, weights, due };
}
