import { expect, it } from "vitest";

import { cursorsOf } from "./pages";
import { parametersOf } from "./filter";

const questionOf = (address: string) => parametersOf(new URLSearchParams(address), undefined).toString();

it("another filter and another order begin at the first page, however one came to them", () => {
  const pages = { question: questionOf("severity=high&sort=-hops"), cursors: ["one", "two"] };
  expect(cursorsOf(pages, questionOf("severity=high&sort=-hops"))).toEqual(["one", "two"]);
  for (const address of ["severity=low&sort=-hops", "severity=high&sort=hops", "severity=high", ""]) {
    expect(cursorsOf(pages, questionOf(address))).toEqual([]);
  }
});
