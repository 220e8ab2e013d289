import { connect, type AddressInfo, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";
import type { FastifyInstance } from "fastify";

import { openServer, type ConnectionLimits } from "../../scripts/compute/open-server.js";

const COUNT = 3;
/** Nobody reaches these within a test. */
const LONG: ConnectionLimits = {
  bodyBytes: 2 ** 20,
  count: COUNT,
  headers: 300_000,
  request: 300_000,
  answer: 300_000,
};
/** More than the machine keeps for a client that does not read. */
const LARGE = Buffer.alloc(2 ** 26);

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

/** What a client does, and the one limit that ends it. */
const HABITS: { whose: string; habit: Habit; limits: Partial<ConnectionLimits> }[] = [
  { whose: "that say nothing", habit: () => undefined, limits: { headers: 300 } },
  {
    whose: "that send headers a byte at a time",
    habit: dripping("GET /small HTTP/1.1\r\nHost: x\r\nX-Slow: "),
    limits: { headers: 300 },
  },
  {
    whose: "that send a body a byte at a time",
    habit: dripping(
      "POST /small HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n",
    ),
    // Its headers are there: of the two limits only that of the whole request can end it.
    limits: { headers: 300, request: 600 },
  },
  {
    whose: "that keep a connection they no longer use",
    habit: (socket) => {
      socket.resume();
      socket.write("GET /small HTTP/1.1\r\nHost: x\r\n\r\n");
    },
    limits: { headers: 300 },
  },
  {
    whose: "that ask and never read the answer",
    habit: (socket) => socket.write("GET /large HTTP/1.1\r\nHost: x\r\n\r\n"),
    limits: { answer: 900 },
  },
];

describe("A provider's server", function () {
  this.timeout(60_000);
  let server: FastifyInstance;
  let sockets: Socket[];
  let port: number;

  const start = async (changes: Partial<ConnectionLimits> = {}) => {
    server = openServer({ ...LONG, ...changes });
    server.get("/small", () => "small");
    server.post("/small", () => "small");
    server.get("/large", (_request, reply) => reply.send(LARGE));
    await server.listen({ host: "127.0.0.1", port: 0 });
    port = (server.server.address() as AddressInfo).port;
    sockets = [];
  };
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await server.close();
  });

  /** As many clients as there are connections, all of one habit. */
  const occupy = async (habit: Habit) => {
    for (let i = 0; i < COUNT; i += 1) {
      const socket = connect(port, "127.0.0.1");
      sockets.push(socket);
      // That the server closes it is what is wanted.
      socket.on("error", () => undefined);
      await new Promise((resolve) => socket.once("connect", resolve));
      habit(socket);
    }
  };
  const answers = () =>
    fetch(`http://127.0.0.1:${port}/small`, { headers: { connection: "close" } }).then(
      ({ ok }) => ok,
      () => false,
    );
  const awaitAnswer = async () => {
    while (!(await answers())) await sleep(50);
  };

  it("takes no more connections than it may have, until one is given back", async () => {
    await start();
    await occupy(() => undefined);
    expect(await answers()).to.equal(false);
    sockets[0]?.destroy();
    await awaitAnswer();
  });

  for (const { whose, habit, limits } of HABITS) {
    it(`is not held by clients ${whose}`, async () => {
      await start(limits);
      await occupy(habit);
      await awaitAnswer();
    });
  }
});
