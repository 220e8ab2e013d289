import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";
import { parseEther } from "ethers";

import { readOffer } from "../../scripts/compute/client.js";
import { UNITS } from "../../scripts/compute/prices.js";
import { runProvider, type RunningProvider } from "../../scripts/compute/provider.js";
import type { ConnectionLimits } from "../../scripts/compute/service.js";
import { computeChannel } from "../fixtures/compute-channel.js";
import { networkHelpers } from "../fixtures/deployed.js";
import { contextFor } from "../fixtures/oracle-round.js";

const COUNT = 3;
const SHORT: ConnectionLimits = { bodyBytes: 2 ** 20, count: COUNT, headers: 300, request: 600, answer: 900 };
/** Nobody reaches these within a test. */
const LONG = { ...SHORT, headers: 300_000, request: 300_000, answer: 300_000 };
const REQUEST = "GET /prices HTTP/1.1\r\nHost: compute.example\r\n";

/** What a client does with its connection. */
type Habit = (socket: Socket) => void;

/** Sends the beginning at once, and then a byte now and then. */
const dripping =
  (beginning: string): Habit =>
  (socket) => {
    socket.write(beginning);
    const timer = setInterval(() => socket.write("a"), 50);
    socket.once("close", () => {
      clearInterval(timer);
    });
  };

const HABITS: Record<string, Habit> = {
  "that say nothing": () => undefined,
  "that send headers a byte at a time": dripping(`${REQUEST}X-Slow: `),
  "that send a body a byte at a time": dripping(
    "POST /jobs HTTP/1.1\r\nHost: compute.example\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n",
  ),
  "that keep a connection they no longer use": (socket) => {
    socket.resume();
    socket.write(`${REQUEST}\r\n`);
  },
  // More answers than the machine keeps for a client that does not read.
  "that ask and never read the answers": (socket) => socket.write(`${REQUEST}\r\n`.repeat(60_000)),
};

describe("A provider's service", function () {
  this.timeout(60_000);
  let folder: string;
  let provider: RunningProvider;
  let sockets: Socket[];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "numeraire-slow-"));
    sockets = [];
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await provider.close();
    await rm(folder, { recursive: true });
  });

  const start = async (connections: ConnectionLimits) => {
    const d = await networkHelpers.loadFixture(computeChannel);
    await d.compute.connect(d.provider).setPrice(1n, UNITS.cpuSecond, parseEther("1"));
    provider = await runProvider(
      { ...contextFor(d), signer: d.provider },
      {
        folder,
        host: "127.0.0.1",
        port: 0,
        limits: { cpuSeconds: 60, cores: 1, memoryBytes: 2 ** 27, processes: 16, diskBytes: 2 ** 20, wallSeconds: 60 },
        interval: parseEther("1"),
        patience: 1,
        redeemEvery: 3_600,
        connections,
      },
    );
  };
  /** As many clients as there are connections, all of one habit. */
  const occupy = async (habit: Habit) => {
    const { hostname, port } = new URL(provider.url);
    for (let i = 0; i < COUNT; i += 1) {
      const socket = connect(Number(port), hostname);
      sockets.push(socket);
      // That the provider closes it is what is wanted.
      socket.on("error", () => undefined);
      await new Promise((resolve) => socket.once("connect", resolve));
      habit(socket);
    }
  };
  const answers = async () =>
    readOffer(provider.url).then(
      ({ providerId }) => providerId === 1n,
      () => false,
    );
  const awaitAnswer = async () => {
    while (!(await answers())) await sleep(50);
  };

  it("takes no more connections than it may have, until one is given back", async () => {
    await start(LONG);
    await occupy(() => undefined);
    expect(await answers()).to.equal(false);
    sockets[0]?.destroy();
    await awaitAnswer();
  });

  for (const [whose, habit] of Object.entries(HABITS)) {
    it(`is not held by clients ${whose}`, async () => {
      await start(SHORT);
      await occupy(habit);
      await awaitAnswer();
    });
  }
});
