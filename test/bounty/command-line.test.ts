import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { expect } from "chai";
import { Command } from "commander";
import { AbiCoder, Wallet, id, parseEther, sha256, toUtf8Bytes } from "ethers";

import { awardCommand } from "../../scripts/bounty/commands/award.js";
import { cancelCommand } from "../../scripts/bounty/commands/cancel.js";
import { expireCommand } from "../../scripts/bounty/commands/expire.js";
import { extendCommand } from "../../scripts/bounty/commands/extend.js";
import { fundCommand } from "../../scripts/bounty/commands/fund.js";
import { listCommand } from "../../scripts/bounty/commands/list.js";
import { postCommand } from "../../scripts/bounty/commands/post.js";
import { reclaimCommand } from "../../scripts/bounty/commands/reclaim.js";
import { redeemCommand } from "../../scripts/bounty/commands/redeem.js";
import { rejectCommand } from "../../scripts/bounty/commands/reject.js";
import { releaseCommand } from "../../scripts/bounty/commands/release.js";
import { revokeCommand } from "../../scripts/bounty/commands/revoke.js";
import { showCommand } from "../../scripts/bounty/commands/show.js";
import { signAwardCommand } from "../../scripts/bounty/commands/sign-award.js";
import { submitCommand } from "../../scripts/bounty/commands/submit.js";
import { openAccountJournal } from "../../scripts/chain/account-journal.js";
import { signFirst } from "../../scripts/chain/deliver.js";
import { silentLog } from "../../scripts/terminal/log.js";
import {
  developmentAccount,
  developmentWallet,
  startLocalDeployment,
  type LocalDeployment,
} from "../fixtures/local-deployment.js";
import { runProgram, type Run } from "../fixtures/run-program.js";

/** Places of people among the development node's accounts. */
const [ISSUER, REVIEWER, AUTHOR, FUNDER] = [10, 11, 12, 13];

describe("npm run bounty", function () {
  this.timeout(180_000);
  let local: LocalDeployment;
  const addresses = { issuer: "", reviewer: "", author: "" };

  const bounty = async (args: string, environment: NodeJS.ProcessEnv = {}): Promise<Run> =>
    runProgram("bounty", args.split(" "), {
      folder: local.folder,
      environment: { NUMERAIRE_RPC_URL: local.url, ...environment },
    });

  before(async () => {
    local = await startLocalDeployment();
    const { provider, suite, accounts, folder } = local;
    const [issuer, reviewer, author, minter] = await Promise.all([
      provider.getSigner(ISSUER),
      provider.getSigner(REVIEWER),
      provider.getSigner(AUTHOR),
      provider.getSigner(accounts.minter),
    ]);
    Object.assign(addresses, { issuer: issuer.address, reviewer: reviewer.address, author: author.address });
    await suite.nmr.connect(minter).mint(issuer, parseEther("100"));
    await writeFile(path.join(folder, "terms.md"), "Make settling cheaper.\n");
  });

  after(async () => {
    await local.stop();
  });

  it("takes a bounty from posting to a signed award that is redeemed, with keys and without", async () => {
    const { suite, folder } = local;
    const posting = `post --terms terms.md --uri ipfs://terms --amount 100 --deadline ${String((await blockTime(local)) + 86_400)} --reviewer ${addresses.reviewer} --account ${addresses.issuer}`;
    const dry = await bounty(posting);
    expect([dry.code, dry.stdout]).to.deep.equal([0, "1 transaction to send\n"]);
    for (const fact of ["chain: 31337 (localhost)", "puts: 100 NMR", "gas: about", "dry run: nothing was sent"]) {
      expect(dry.stderr).to.contain(fact);
    }
    expect(dry.stderr).to.contain(`contract: ${await suite.bounties.getAddress()}`);
    expect(await suite.bounties.bountyCount()).to.equal(0n);

    const posted = await bounty(`${posting} --yes --json`);
    expect(posted.code, posted.stderr).to.equal(0);
    const result = JSON.parse(posted.stdout) as { args: Record<string, string>; sent: { hash: string } };
    expect(result.args).to.include({ bountyId: "1", termsHash: sha256(toUtf8Bytes("Make settling cheaper.\n")) });
    expect(result.sent.hash).to.match(/^0x/);

    const submitted = await bounty(`submit --bounty 1 --content ${id("commit")} --account ${addresses.author} --yes`);
    expect(submitted.stdout).to.match(/^submission 1 made for bounty 1; transaction 0x/);

    const signing = `sign-award --bounty 1 --submission 1 --pay ${addresses.author}=30 --vesting-days 90 --out award.json`;
    const key = { NUMERAIRE_PRIVATE_KEY: developmentWallet(addresses.reviewer).privateKey };
    const signed = await bounty(`${signing} --yes`, key);
    expect(signed.code, signed.stderr).to.equal(0);
    expect(signed.stdout).to.contain("approval written to award.json: anybody can redeem");
    expect(signed.stderr).to.contain(`pays: 30 NMR to ${addresses.author}`).and.contain("over 90 days");
    const file = await readFile(path.join(folder, "award.json"), "utf8");
    expect(file).to.contain('"primaryType": "AwardApproval"').and.not.contain(key.NUMERAIRE_PRIVATE_KEY.slice(2));

    const redeemed = await bounty(`redeem --approval award.json --account ${addresses.author} --yes`);
    expect(redeemed.stdout).to.contain("vests over 90 days: grant 1");
    const shown = await bounty("show --bounty 1 --json");
    const report = JSON.parse(shown.stdout) as { bounty: { unawarded: string }; grants: { amount: string }[] };
    expect([report.bounty.unawarded, report.grants[0]?.amount]).to.deep.equal([
      parseEther("70").toString(),
      parseEther("30").toString(),
    ]);

    const early = await bounty("expire --bounty 1");
    expect([early.code, early.stdout]).to.deep.equal([2, ""]);
    expect(early.stderr).to.contain("bounty 1: found Open, expected Overdue").and.contain("hint: It expires after");
    const calls = await bounty(`cancel --bounty 1 --account ${addresses.issuer} --unsigned`);
    expect(calls.stdout).to.contain("cancel(bountyId: 1)");
  });

  describe("when a run that funds a bounty was stopped before its transaction was out", () => {
    const AMOUNT = parseEther("10");
    const key = { NUMERAIRE_PRIVATE_KEY: developmentAccount(FUNDER).privateKey };
    let bountyId: bigint;

    beforeEach(async () => {
      const { provider, suite, accounts, folder } = local;
      const minter = await provider.getSigner(accounts.minter);
      await (await suite.nmr.connect(minter).mint(developmentAccount(FUNDER).address, parseEther("100"))).wait();
      const terms = `post --terms terms.md --uri ipfs://terms --amount 1 --deadline ${String((await blockTime(local)) + 86_400)}`;
      const posted = await bounty(`${terms} --reviewer ${addresses.reviewer} --yes`, key);
      expect(posted.code, posted.stderr).to.equal(0);
      bountyId = await suite.bounties.bountyCount();
      await leaveFunding(path.join(folder, "state"));
    });

    /** Signs and journals what `fund` sends, as a run leaves it that is killed in between. */
    async function leaveFunding(stateFolder: string): Promise<void> {
      const { provider, suite } = local;
      const signer = new Wallet(key.NUMERAIRE_PRIVATE_KEY, provider);
      const { chainId } = await provider.getNetwork();
      const sending = {
        provider,
        signer,
        chainId,
        network: "localhost",
        log: silentLog,
        confirmations: 0,
        stateFolder,
      };
      const journal = await openAccountJournal(sending);
      if (journal === undefined) throw new Error("no journal");
      const call = {
        to: await suite.nmr.getAddress(),
        data: suite.nmr.interface.encodeFunctionData("transferAndCall(address,uint256,bytes)", [
          await suite.bounties.getAddress(),
          AMOUNT,
          AbiCoder.defaultAbiCoder().encode(["uint256"], [bountyId]),
        ]),
      };
      await signFirst(sending, signer, call, `fund bounty ${bountyId.toString()}`, { journal });
      await journal.close();
    }
    const funded = async () => (await local.suite.bounties.getBounty(bountyId)).funded - parseEther("1");

    it("the same command pays once", async () => {
      const { code, stdout, stderr } = await bounty(`fund --bounty ${bountyId.toString()} --amount 10 --yes`, key);
      expect(code, stderr).to.equal(0);
      expect(stdout).to.contain(`10 NMR put into bounty ${bountyId.toString()}; transaction 0x`);
      expect(stderr).to.contain("which an earlier run signed; not sending it again");
      expect(await funded()).to.equal(AMOUNT);
    });

    it("another command does not pay it", async () => {
      const submitting = `submit --bounty ${bountyId.toString()} --content ${id("work")} --yes`;
      const { code, stderr } = await bounty(submitting, key);
      expect(code, stderr).to.equal(0);
      expect(stderr).to.contain("signed before and not due any more; cancelling it");
      expect(await funded()).to.equal(0n);
    });
  });

  for (const [what, args, message] of [
    ["a number that is none", "show --bounty one", "expected a number from 1"],
    ["an amount that is none", "fund --bounty 1 --amount much", "expected NMR as a decimal, e.g. 12.5"],
    [
      "a payment without an amount",
      "award --bounty 1 --submission 1 --pay 0x12",
      "expected an account and NMR: 0x…=12.5",
    ],
    ["an account that is none", "award --bounty 1 --submission 1 --pay me=1", "expected an address"],
    ["a moment without a zone", "extend --bounty 1 --deadline 2027-03-01T12:00", "expected Unix seconds"],
    ["a status that is none", "list --status closed", "expected open, review, overdue"],
    ["days that are none", "award --bounty 1 --submission 1 --pay 0x12=1 --vesting-days 1.5", "expected"],
    ["a signature that is none", "redeem --approval a.json --signature mine", "expected a signature"],
    ["a nonce that is none", "revoke --nonce -1", "expected a whole number"],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const errors: string[] = [];
      const program = new Command("bounty").exitOverride();
      for (const command of commands()) {
        command.exitOverride().configureOutput({ writeErr: (text) => errors.push(text) });
        program.addCommand(command);
      }
      const outcome = await program.parseAsync(args.split(" "), { from: "user" }).catch((error: unknown) => error);
      expect(outcome).to.be.instanceOf(Error);
      expect(errors.join("")).to.contain(message);
    });
  }

  for (const command of commands()) {
    it(`shows an example in the help of ${command.name()}`, () => {
      let help = "";
      new Command("bounty").addCommand(command);
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      expect(help).to.contain(`npm run bounty -- ${command.name()}`).and.contain("--json");
    });
  }
});

function commands(): Command[] {
  return [
    postCommand(),
    fundCommand(),
    submitCommand(),
    awardCommand(),
    signAwardCommand(),
    redeemCommand(),
    revokeCommand(),
    rejectCommand(),
    releaseCommand(),
    extendCommand(),
    cancelCommand(),
    expireCommand(),
    reclaimCommand(),
    listCommand(),
    showCommand(),
  ];
}

async function blockTime({ provider }: LocalDeployment): Promise<number> {
  return (await provider.getBlock("latest"))?.timestamp ?? 0;
}
