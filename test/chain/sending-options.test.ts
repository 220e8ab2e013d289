import { expect } from "chai";
import { Command } from "commander";

import { describeCall } from "../../scripts/chain/planned-call.js";
import { withSendingOptions } from "../../scripts/terminal/command-line.js";
import { connectSuite, suiteAddresses } from "../../sdk/contracts.js";

/** What a sending command makes of its options, or the error it prints. */
async function parse(...args: string[]): Promise<unknown> {
  let message = "";
  let found: unknown;
  const command = withSendingOptions(new Command("send"), "send")
    .exitOverride()
    .configureOutput({ writeErr: (text) => (message += text) })
    .action((options: unknown) => {
      found = options;
    });
  await command.parseAsync(args, { from: "user" }).catch(() => undefined);
  return message === "" ? found : message.trim();
}

describe("sending options", () => {
  it("take one signer", async () => {
    expect(await parse("--keystore", "key.json", "--yes")).to.include({ keystore: "key.json", yes: true });
    expect(await parse("--hardhat-keystore", "--keystore", "key.json")).to.contain("cannot be used with option");
  });

  for (const [what, args] of [
    ["--unsigned", ["--unsigned"]],
    ["--safe", ["--safe", "batch.json"]],
  ] as const) {
    it(`refuse ${what} with a key, or with --yes: nothing is sent`, async () => {
      expect(await parse(...args, "--account", "0x01")).to.include({ account: "0x01" });
      for (const other of [["--yes"], ["--keystore", "k.json"], ["--hardhat-keystore"]]) {
        expect(await parse(...args, ...other), other.join(" ")).to.contain("cannot be used with option");
      }
    });
  }

  it("refuse two places to write calls to", async () => {
    expect(await parse("--unsigned", "--safe", "batch.json")).to.contain("cannot be used with option");
  });
});

describe("describing a call", () => {
  const addresses = suiteAddresses((name) => `0x${Buffer.from(name.slice(0, 20).padEnd(20)).toString("hex")}`);
  const suite = connectSuite(addresses, { provider: null });
  const to = addresses.tournament;

  it("names function and arguments, and shortens long data", async () => {
    const data = suite.tournament.interface.encodeFunctionData("postScores", [3, 1, `0x${"ab".repeat(100)}`]);
    expect((await describeCall(suite, { to, data }))?.text).to.equal(
      "postScores(roundId: 3, attemptId: 1, packed: 0xabababababababab… (100 bytes))",
    );
    const veto = suite.tournament.interface.encodeFunctionData("veto", [3, "a reason"]);
    expect((await describeCall(suite, { to, data: veto }))?.text).to.equal('veto(roundId: 3, reason: "a reason")');
  });

  it("knows nothing of other contracts and functions", async () => {
    expect(await describeCall(suite, { to: `0x${"77".repeat(20)}`, data: "0x12345678" })).to.equal(undefined);
    expect(await describeCall(suite, { to, data: "0x12345678" })).to.equal(undefined);
  });
});
