import { expect, it } from "vitest";

import { addressOf, parametersOf, queryOf, sortOf } from "./filter";

it("a filter survives the way into the address and back", () => {
  const address = new URLSearchParams("severity=critical,high&account=111122223333&q=Bob&sort=-last_seen");
  const again = addressOf(queryOf(address), address);
  expect(Object.fromEntries(again)).toEqual(Object.fromEntries(address));
});

it("a token that is taken away leaves the address", () => {
  const address = new URLSearchParams("severity=critical&tab=x");
  expect(addressOf({ tokens: [], operation: "and" }, address).toString()).toBe("tab=x");
});

it("the API is asked for rows and for nothing else of the address", () => {
  const parameters = parametersOf(new URLSearchParams("severity=low&tab=x"), "next");
  expect(parameters.toString()).toBe("severity=low&cursor=next");
});

it("the gravest come first, unless another order is chosen", () => {
  expect(sortOf(new URLSearchParams())).toEqual({ field: "severity", isDescending: true });
  expect(sortOf(new URLSearchParams("sort=title"))).toEqual({ field: "title", isDescending: false });
});
