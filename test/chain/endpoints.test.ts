import { expect } from "chai";

import { endpointName, endpointsOf, parseEndpoints, withoutSecrets } from "../../scripts/chain/endpoints.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";

describe("parseEndpoints", () => {
  const refusal = (text: string): NumeraireError => {
    try {
      parseEndpoints(text, "NUMERAIRE_RPC_URL");
    } catch (error) {
      if (error instanceof NumeraireError) return error;
      throw error;
    }
    throw new Error("did not fail");
  };

  it("reads one URL, or several with commas between them", () => {
    expect(parseEndpoints("http://127.0.0.1:8545", "x")).to.deep.equal(["http://127.0.0.1:8545"]);
    expect(parseEndpoints("https://a.example/v2/key, http://[::1]:8545", "x")).to.deep.equal([
      "https://a.example/v2/key",
      "http://[::1]:8545",
    ]);
  });

  it("refuses what is no URL, and says what to write", () => {
    for (const text of ["foo", "", "http://a.example,,http://b.example", "127.0.0.1:8545"]) {
      const { message, hint } = refusal(text);
      expect(message).to.match(/^NUMERAIRE_RPC_URL: found .*, expected the URL of an RPC endpoint$/);
      expect(hint).to.contain("http://127.0.0.1:8545");
    }
    expect(refusal("http://a.example,foo").message).to.contain("found none in place 2 of 2");
  });

  it("does not repeat a URL of another kind, or without its scheme, which may hold a key", () => {
    expect(refusal("wss://node.example/s3cret").message).to.contain("a URL that begins with wss:");
    for (const text of [
      "wss://node.example/s3cret",
      "node.example/v3/s3cret",
      "node.example:443/v3/s3cret",
      "s3cret:@node.example",
      "//node.example/s3cret",
      "http://a.example, s3cret",
    ]) {
      expect(refusal(text).message).not.to.contain("s3cret");
    }
  });

  it("names an endpoint by its host alone", () => {
    expect(endpointName("https://user:pass@node.example:8443/v2/key?token=1")).to.equal("https://node.example:8443");
  });
});

describe("withoutSecrets", () => {
  it("leaves out what a URL holds beside its host", () => {
    const url = "https://username:p%40ssword@node.example/v2/k3yk3y/?token=t0kent0ken";
    expect(withoutSecrets("no k3yk3y, username p@ssword (p%40ssword) or t0kent0ken at node.example/v2", url)).to.equal(
      "no …, … … (…) or … at node.example/v2",
    );
    expect(withoutSecrets("no %zzs3cret", "https://node.example/%zzs3cret")).to.equal("no …");
  });
});

describe("endpointsOf", () => {
  const everywhere = { NUMERAIRE_RPC_URL: "https://any.example", NUMERAIRE_OP_SEPOLIA_RPC_URL: "https://op.example" };

  it("takes the variable for all networks, then the network's own, then the node of this machine", () => {
    expect(endpointsOf("op-sepolia", everywhere)).to.deep.equal(["https://any.example"]);
    expect(endpointsOf("op-sepolia", { ...everywhere, NUMERAIRE_RPC_URL: " " })).to.deep.equal(["https://op.example"]);
    expect(endpointsOf("localhost", {})).to.deep.equal(["http://127.0.0.1:8545"]);
  });

  it("asks for an endpoint of a public network by the names of both variables", () => {
    expect(() => endpointsOf("op-sepolia", { NUMERAIRE_SEPOLIA_RPC_URL: "https://other.example" })).to.throw(
      NumeraireError,
      "op-sepolia: found no RPC endpoint, expected one in NUMERAIRE_RPC_URL or NUMERAIRE_OP_SEPOLIA_RPC_URL",
    );
  });
});
