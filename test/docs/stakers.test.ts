import { readFile } from "node:fs/promises";

import { expect } from "chai";
import { Interface, parseEther, type Signer } from "ethers";

import { connectSuite, suiteAddresses, type SuiteAddresses } from "../../sdk/index.js";
import { Numeraire__factory, StakingTournament__factory, Wallet__factory } from "../../typechain-types/index.js";
import { deployed, networkHelpers, type Deployed } from "../fixtures/deployed.js";
import { people } from "../fixtures/people.js";
import { openRound } from "../fixtures/rounds.js";
import { STAKER_CALLS } from "../fixtures/staker-calls.js";

const INTERFACES = {
  Numeraire: new Interface(Numeraire__factory.abi),
  StakingTournament: new Interface(StakingTournament__factory.abi),
};

/** A step as the document gives it. */
interface Step {
  contract: keyof typeof INTERFACES;
  /** Signature with the names of the parameters. */
  signature: string;
  /** Values by field, in the document's order. */
  fields: [string, string][];
  calldata: string;
  code: string;
}

/** Who stakes, and how a call gets from the document onto the chain. */
interface Route {
  account: string;
  send: (step: Step, place: number) => Promise<unknown>;
}

describe("docs/stakers.md", () => {
  let steps: Step[];

  before(async () => {
    const document = await readFile(new URL("../../docs/stakers.md", import.meta.url), "utf8");
    steps = document
      .split(/\n## /)
      .filter((section) => section.includes("\nContract `"))
      .map((section) => {
        const [, contract, signature] = /\nContract `(\w+)`, function\s`([^`]+)`/.exec(section) ?? [];
        const fields = [...section.matchAll(/^\| `(\w+)` +\| `([^`]+)` +\|/gm)];
        const block = (language: string) =>
          new RegExp(`\`\`\`${language}\\n(.*?)\\n\`\`\``, "s").exec(section)?.[1] ?? "";
        return {
          contract: contract as Step["contract"],
          signature: signature ?? "",
          fields: fields.map(([, name = "", value = ""]): [string, string] => [name, value]),
          calldata: block("text"),
          code: block("ts"),
        };
      });
  });

  interface World {
    d: Deployed;
    addresses: SuiteAddresses;
    payee: string;
  }

  async function world(): Promise<World> {
    const d = await networkHelpers.loadFixture(deployed);
    const [nmr, tournament] = await Promise.all([d.nmr.getAddress(), d.tournament.getAddress()]);
    await openRound(d);
    // The other contracts are not called here.
    const addresses = { ...suiteAddresses(() => nmr), tournament };
    return { d, addresses, payee: people(d).bob.address };
  }

  const targetOf = ({ addresses }: World, { contract }: Step): string =>
    contract === "Numeraire" ? addresses.nmr : addresses.tournament;

  /** A text of the document with the addresses of a chain. */
  const filled = ({ addresses, payee }: World, text: string): string =>
    text.replace("<tournament>", addresses.tournament).replace("<payee>", payee);

  /** The data of the document; its addresses stand without the 0x. */
  const dataOf = ({ addresses, payee }: World, { calldata }: Step): string =>
    calldata
      .replace("<tournament>", addresses.tournament.slice(2).toLowerCase())
      .replace("<payee>", payee.slice(2).toLowerCase());

  /** Plays every step in order; rounds open and end in between. */
  async function play({ d, payee }: World, { account, send }: Route): Promise<void> {
    await d.nmr.connect(d.minter).mint(account, parseEther("15"));
    for (const [place, step] of steps.entries()) {
      if (step.signature.startsWith("restake(")) {
        await d.tournament.connect(d.guardian).cancelRound(1);
        await openRound(d);
      }
      if (step.signature.startsWith("settle(")) await d.tournament.connect(d.guardian).cancelRound(2);
      await send(step, place);
      if (step.signature.startsWith("commitPredictions(")) {
        const { modelId, amount, confidence } = await d.tournament.getStake(1, 0);
        expect([modelId, amount, confidence]).to.deep.equal([1n, parseEther("15"), parseEther("3")]);
      }
      if (step.signature.startsWith("restake(")) {
        const { modelId, amount, confidence } = await d.tournament.getStake(2, 0);
        expect([modelId, amount, confidence]).to.deep.equal([1n, parseEther("15"), parseEther("2")]);
      }
    }
    expect((await d.tournament.getModel(1)).owner).to.equal(account);
    expect(await d.tournament.payeeOf(1)).to.equal(payee);
    expect(await d.nmr.balanceOf(payee)).to.equal(parseEther("15"));
  }

  /** An account that signs transactions, as Etherscan and code use it. */
  function accountOf({ d }: World): Signer & { address: string } {
    return people(d).alice;
  }

  it("names every field of each function, and data that is the same call", async () => {
    const given = await world();
    expect(steps.map(({ signature }) => signature.split("(")[0])).to.deep.equal([
      "registerModel",
      "transferAndCall",
      "approve",
      "raiseStake",
      "commitPredictions",
      "setPayee",
      "restake",
      "settle",
    ]);
    for (const step of steps) {
      const fragment = INTERFACES[step.contract].getFunction(step.signature.replaceAll(/(\w+) \w+/g, "$1"));
      expect(
        fragment?.inputs.map(({ name }) => name),
        step.signature,
      ).to.deep.equal(step.fields.map(([name]) => name));
      const values = step.fields.map(([, value]) => filled(given, value));
      const data = INTERFACES[step.contract].encodeFunctionData(fragment ?? "", values);
      expect(dataOf(given, step), step.signature).to.equal(data);
    }
  });

  it("works from Etherscan, by its fields", async () => {
    const given = await world();
    const account = accountOf(given);
    const send = async (step: Step): Promise<unknown> => {
      const values = step.fields.map(([, value]) => filled(given, value));
      const name = step.signature.replaceAll(/(\w+) \w+/g, "$1");
      const data = INTERFACES[step.contract].encodeFunctionData(name, values);
      return account.sendTransaction({ to: targetOf(given, step), data });
    };
    await play(given, { account: account.address, send });
  });

  it("works from a Safe, by its data", async () => {
    const given = await world();
    const safe = await new Wallet__factory(given.d.deployer).deploy();
    const send = async (step: Step): Promise<unknown> => safe.execute(targetOf(given, step), dataOf(given, step));
    await play(given, { account: await safe.getAddress(), send });
  });

  it("works from code, which is that of the document", async () => {
    const given = await world();
    const account = accountOf(given);
    const { nmr, tournament } = connectSuite(given.addresses, account);
    const bare = (code: string): string => code.replaceAll(/await |return |[;,]?\s+|;$/g, "");
    const source = bare(await readFile(new URL("../fixtures/staker-calls.ts", import.meta.url), "utf8"));
    const send = async (step: Step, place: number): Promise<unknown> => {
      expect(source, step.signature).to.contain(bare(step.code));
      return STAKER_CALLS[place]?.({ nmr, tournament, deployment: given.addresses, payee: given.payee });
    };
    await play(given, { account: account.address, send });
  });

  it("is right that the token's domain can be read, and those of bounties and of computing", async () => {
    const { d } = await world();
    for (const [contract, name] of [
      [d.nmr, "Numeraire"],
      [d.bounties, "Numeraire Bounty Grants"],
      [d.compute, "ComputeEscrow"],
    ] as const) {
      const domain = await contract.eip712Domain();
      expect([domain.fields, domain.name, domain.version, domain.verifyingContract]).to.deep.equal([
        "0x0f",
        name,
        "1",
        await contract.getAddress(),
      ]);
    }
  });
});
