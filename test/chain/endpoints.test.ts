import { expect } from "chai";

import { endpointName, parseEndpoints } from "../../scripts/chain/endpoints.js";
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
    expect(refusal("http://a.example,foo").message).to.contain('found "foo"');
  });

  it("does not repeat a URL of another kind, which may hold a key", () => {
    const { message } = refusal("wss://node.example/s3cret");
    expect(message).to.contain("a URL that begins with wss:").and.not.contain("s3cret");
  });

  it("names an endpoint by its host alone", () => {
    expect(endpointName("https://user:pass@node.example:8443/v2/key?token=1")).to.equal("https://node.example:8443");
  });
});
