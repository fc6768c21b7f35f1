import { expect, it } from "vitest";

import { asAction } from "./words";

it("a call of AWS is written as policies write it, and anything else as it stands", () => {
  expect(asAction("sts.amazonaws.com AssumeRole")).toBe("sts:AssumeRole");
  expect(asAction("evil.amazonaws.com.example AssumeRole")).toBe("evil.amazonaws.com.example AssumeRole");
  expect(asAction("AssumeRole")).toBe("AssumeRole");
});
