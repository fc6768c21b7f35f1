import { expect, it } from "vitest";

import { doneOf } from "./done";

it("a tick of a step that the plan has lost is not counted", () => {
  expect(doneOf([{ id: "a" }, { id: "b" }], [{ step: "b" }, { step: "lost" }])).toBe(1);
});
