import { createServer, type Server, type Socket } from "node:net";

import { expect } from "chai";

import { judgeClock } from "../../../scripts/oracle/doctor/check-node.js";
import { asks, startFaultyProxy, type Fault, type FaultyProxy, type Passing } from "../../fixtures/faulty-proxy.js";
import { examine, expectBroken, expectWarning, type Patient, startPatient } from "../../fixtures/patient.js";

/** A chain that is none for development. */
const OTHER_CHAIN = 424_242;

describe("doctor: node", function () {
  this.timeout(120_000);

  let patient: Patient;
  let publicPatient: Patient;

  before(async () => {
    patient = await startPatient();
    publicPatient = await startPatient(OTHER_CHAIN);
  });
  after(async () => {
    await patient.stop();
    await publicPatient.stop();
  });

  describe("of the endpoint, finds", () => {
    const START = "Start the node, or mend the URL: NUMERAIRE_RPC_URL";

    it("a port nobody listens on", async () => {
      const findings = await examine(patient, { NUMERAIRE_RPC_URL: "http://127.0.0.1:9" });
      expectBroken(findings["RPC http://127.0.0.1:9"], "found no answer (ECONNREFUSED)", START);
      expect(findings["node and contracts"]?.health).to.equal("skipped");
    });

    it("a server that takes the question and never answers", async () => {
      const sockets = new Set<Socket>();
      const server: Server = createServer((socket) => sockets.add(socket));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as { port: number };
      const url = `http://127.0.0.1:${port}`;
      const findings = await examine(patient, { NUMERAIRE_RPC_URL: url });
      for (const socket of sockets) socket.destroy();
      server.close();
      expectBroken(findings[`RPC ${url}`], "found no answer within 1 seconds", START);
    });

    it("a server that is no node, and shows no key of the URL", async () => {
      const proxy = await startFaultyProxy(patient.local.url);
      proxy.fault = () => ({ forward: 0, reply: { status: 401, body: "<html>unknown key</html>" } });
      const findings = await examine(patient, { NUMERAIRE_RPC_URL: `${proxy.url}/v2/secret-key` });
      await proxy.stop();
      expectBroken(findings[`RPC ${proxy.url}`], "found HTTP status 401", "the key or plan that the provider");
      expect(JSON.stringify(findings)).not.to.contain("secret-key");
    });

    it("a node that refuses, and shows no key that it repeats", async () => {
      const proxy = await startFaultyProxy(patient.local.url);
      proxy.fault = ({ calls: [call] }) => {
        const error = { code: -32000, message: "project secret-key is locked" };
        return { forward: 0, reply: { status: 200, body: JSON.stringify({ jsonrpc: "2.0", id: call?.id, error }) } };
      };
      const findings = await examine(patient, { NUMERAIRE_RPC_URL: `${proxy.url}/v2/secret-key` });
      await proxy.stop();
      expectBroken(findings[`RPC ${proxy.url}`], 'found the error "project … is locked"', "the key or plan");
      expect(JSON.stringify(findings)).not.to.contain("secret-key");
    });

    it("a setting that is no URL", async () => {
      const findings = await examine(patient, { NUMERAIRE_RPC_URL: "localhost:8545" });
      expectBroken(findings["RPC"], "NUMERAIRE_RPC_URL: found", "Write http:// or https://");
    });

    it("another chain than the deployment's, beside one that is right", async () => {
      const findings = await examine(patient, { NUMERAIRE_RPC_URL: `${publicPatient.local.url},${patient.local.url}` });
      expectBroken(
        findings[`RPC ${publicPatient.local.url}`],
        "found chain 424242, expected 31337, that of the deployment",
        "Point NUMERAIRE_RPC_URL to a node of the deployment's chain, or choose the other network with --network.",
      );
      expect(findings["StakingTournament"]?.health).to.equal("ok");
    });
  });

  describe("of a node on a public chain, finds", () => {
    let proxy: FaultyProxy;

    before(async () => {
      proxy = await startFaultyProxy(publicPatient.local.url);
    });
    after(() => proxy.stop());

    const through = async (fault: (passing: Passing) => Fault | undefined) => {
      proxy.fault = fault;
      return examine(publicPatient, { NUMERAIRE_RPC_URL: proxy.url });
    };
    /** Makes the newest block look older or younger, in seconds. */
    const aged =
      (seconds: number) =>
      (passing: Passing): Fault | undefined =>
        asks(passing, "eth_getBlockByNumber")
          ? {
              alter: (_call, result) =>
                typeof result === "object" && result !== null
                  ? { ...result, timestamp: `0x${(Math.floor(Date.now() / 1000) - seconds).toString(16)}` }
                  : result,
            }
          : undefined;
    const refusing =
      (method: string, message: string, when: (call: Passing["calls"][number]) => boolean = () => true) =>
      (): Fault => ({ refuse: (call) => (call.method === method && when(call) ? message : undefined) });

    it("nothing wrong with one that is in sync", async () => {
      const findings = await through(() => undefined);
      const health = ["sync", "clock", "finalized block", "logs", "genesis"].map((check) => findings[check]?.health);
      expect(health).to.deep.equal(["ok", "ok", "ok", "ok", "ok"]);
    });

    it("an address that others sign for as well as a key", async () => {
      const { member1 } = publicPatient.local.accounts;
      const findings = await examine(publicPatient, {}, { signer: { account: member1 } });
      expect(findings["signer"]?.found).to.equal(`${member1}: an address without a key, for --unsigned and --safe`);
      expect(findings["membership"]?.health).to.equal("ok");
    });

    it("one that is still syncing", async () => {
      const findings = await through((passing) =>
        asks(passing, "eth_syncing")
          ? { alter: () => ({ startingBlock: "0x0", currentBlock: "0x10", highestBlock: "0x20" }) }
          : undefined,
      );
      expectBroken(findings["sync"], "found the node at block 16 of 32, expected it in sync", "Wait until the node");
    });

    it("one that stopped following the chain", async () => {
      const findings = await through(aged(3600));
      expectBroken(findings["clock"], "seconds old, expected at most 900", "Check that the node follows the chain");
      const late = await through(aged(300));
      expectWarning(late["clock"], "seconds old", "that this machine's clock is right");
    });

    it("blocks from the future: a clock that is slow", async () => {
      const findings = await through(aged(-3600));
      expectBroken(findings["clock"], "seconds in the future", "Set this machine's clock");
    });

    it("one that knows no finalized block, however it says so", async () => {
      for (const message of ["unsupported tag", "finalized block not found", "Unknown block"]) {
        const findings = await through(
          refusing("eth_getBlockByNumber", message, ({ params: [tag] }) => tag === "finalized"),
        );
        expectBroken(
          findings["finalized block"],
          "found none, so what is 0 blocks deep counts as final",
          "Use a node that knows the finalized block",
        );
      }
    });

    it("one that fails when it is asked for the finalized block", async () => {
      const findings = await through(
        refusing("eth_getBlockByNumber", "internal error", ({ params: [tag] }) => tag === "finalized"),
      );
      expectBroken(findings["finalized block"], 'found the error "internal error"', "Look into the node's log");
    });

    it("one that gives few blocks of logs at a time, or none", async () => {
      for (let i = 0; i < 3; i += 1) await publicPatient.local.provider.send("hardhat_mine", ["0x1f4"]);
      const tooMany = ({ params: [filter] }: Passing["calls"][number]) => {
        const { fromBlock, toBlock } = filter as { fromBlock: string; toBlock: string };
        return Number(toBlock) - Number(fromBlock) >= 1_000;
      };
      const few = await through(refusing("eth_getLogs", "block range too wide", tooMany));
      expectWarning(few["logs"], "found at most 1000 blocks a request, expected 10000", "It works, slowly");
      const none = await through(refusing("eth_getLogs", "logs are pruned"));
      expectBroken(none["logs"], "found no logs since block", "Use a node that keeps events");
    });

    it("the clock within its limits", () => {
      const judge = (age: number) => judgeClock({ number: 1, timestamp: 10_000 - age }, 1n, 10_000).health;
      expect([-31, -30, 120, 121, 900, 901].map(judge)).to.deep.equal([
        "broken",
        "ok",
        "ok",
        "warning",
        "warning",
        "broken",
      ]);
    });
  });
});
